import type { DocumentListener } from '../dispatcher.ts';
import type { DocumentName } from '../documents.ts';
import { IllegalMessageSequence } from '../errors.ts';
import type { Suspender } from '../suspenders/suspender.ts';
import type { CommandTable } from './command.ts';
import { sleep } from './waiting.ts';

/** Between a checkpoint and the pause that was deferred to it, a person may still ask for something else. */
const SECOND_THOUGHTS = 0.5;

export const controlCommands: CommandTable = {
  null: () => undefined,

  RE_class: (_msg, { engineClass }) => engineClass,

  checkpoint(_msg, workings, turn) {
    const { call } = workings;
    for (const run of call.runs.values()) {
      if (run.bundle.isOpen) {
        throw new IllegalMessageSequence("Cannot 'checkpoint' after 'create' and before 'save'. Aborting!");
      }
    }
    call.resetCheckpoint();
    if (!workings.isPauseDeferred()) return undefined;
    return sleep(SECOND_THOUGHTS, turn.signal).then(() => workings.requestPause(false));
  },

  /** From here on a pause is an abort. */
  clear_checkpoint(_msg, { call }) {
    call.checkpoint.forget();
    for (const run of call.runs.values()) run.forgetCheckpoint();
  },

  rewindable(msg, { call }) {
    const [wanted] = msg.args;
    const { checkpoint } = call;
    if (wanted === null || wanted === undefined) return checkpoint.isRewindable;
    const isChanged = checkpoint.isRewindable !== Boolean(wanted);
    checkpoint.isRewindable = Boolean(wanted);
    if (isChanged) call.resetCheckpoint();
    return checkpoint.isRewindable;
  },

  pause(msg, { requestPause }) {
    requestPause((msg.kwargs['defer'] ?? msg.args[0] ?? false) === true);
  },

  subscribe(msg, { call, documents }) {
    const [listener, name] = msg.args;
    const token = documents.subscribe(
      listener as DocumentListener,
      (name ?? msg.kwargs['name'] ?? 'all') as DocumentName | 'all',
    );
    call.subscriptions.add(token);
    call.resetCheckpoint();
    return token;
  },

  unsubscribe(msg, { call, documents }) {
    const token = (msg.kwargs['token'] ?? msg.args[0]) as number;
    documents.unsubscribe(token);
    call.subscriptions.delete(token);
    call.resetCheckpoint();
  },

  install_suspender: (msg, { installSuspender }) => installSuspender(msg.args[0] as Suspender),

  remove_suspender: (msg, { removeSuspender }) => removeSuspender(msg.args[0] as Suspender),

  input() {
    throw new Error("'input' asks a person at a terminal, and a plan that runs in this RunEngine has none");
  },
};

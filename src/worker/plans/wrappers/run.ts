import { RunEngineControlException } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { closeRun, openRun } from '../stubs/runs.ts';
import { contingencyWrapper } from './cleanup.ts';
import { msgMutator } from './mutators.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** Runs `plan` inside a run of its own, closed with the true exit status. Returns the run's uid. */
export function* runWrapper(plan: Plan, metadata: Metadata | null = null): Plan<string> {
  const uid = yield* openRun(metadata);
  yield* contingencyWrapper(plan, { exceptPlan: closeAfter, elsePlan: () => closeRun() });
  return uid;
}

function* closeAfter(error: Error): Plan<void> {
  yield* error instanceof RunEngineControlException ? closeRun(error.exitStatus) : closeRun('fail', error.message);
}

/** Adds to the metadata of each run that `plan` opens; what is given here wins. */
export const injectMdWrapper = <R>(plan: Plan<R>, metadata: Metadata): Plan<R> =>
  msgMutator(plan, (message) =>
    message.command === 'open_run' ? { ...message, kwargs: { ...message.kwargs, ...metadata } } : message,
  );

/** Names the run that the messages of `plan` are about, where they do not name one themselves. */
export function setRunKeyWrapper<R>(plan: Plan<R>, run: unknown): Plan<R> {
  if (run === null || run === undefined) throw new TypeError('run ID can not be None');
  return msgMutator(plan, (message) => (message.run === null ? { ...message, run } : message));
}

const RUN_CONTROL = new Set(['open_run', 'close_run', 'stage', 'unstage']);

/** Takes opening, closing and staging out of a plan, so that it can be part of another's run. Returns its metadata. */
export function* stubWrapper(plan: Plan): Plan<Record<string, unknown>> {
  const metadata: Record<string, unknown> = {};
  yield* msgMutator(plan, (message) => {
    if (message.command === 'open_run') Object.assign(metadata, message.kwargs);
    return RUN_CONTROL.has(message.command) ? null : message;
  });
  return metadata;
}

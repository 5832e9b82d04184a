import type { Document } from '../documents.ts';
import type { ExitStatus } from '../documents.ts';
import { IllegalMessageSequence } from '../errors.ts';
import { startMetadata } from '../metadata.ts';
import type { Msg } from '../messages.ts';
import { RunBundler } from '../bundler/run-bundler.ts';
import { whenReady } from '../sync-or-async.ts';
import type { CommandTable, Workings } from './command.ts';

export const runCommands: CommandTable = {
  open_run(msg, workings) {
    if (workings.call.runs.has(msg.run)) {
      throw new IllegalMessageSequence("A 'close_run' message was not received before the 'open_run' message");
    }
    return whenReady(workings.scanIdSource(workings.md), (scanId) => {
      workings.md['scan_id'] = scanId;
      return open(msg, workings);
    });
  },

  close_run(msg, workings) {
    const { call } = workings;
    const run = call.runs.get(msg.run);
    if (run === undefined) {
      throw new IllegalMessageSequence("A 'close_run' message was not received before the 'open_run' message");
    }
    const { exit_status, reason } = msg.kwargs as { exit_status?: ExitStatus | null; reason?: string | null };
    run.close(exit_status ?? 'success', reason ?? '');
    call.runs.delete(msg.run);
    recordClosed(workings, run.uid);
    call.checkpoint.forgetRun(msg.run);
    return run.uid;
  },
};

function open(msg: Msg, workings: Workings): string {
  const { call, making, recordInterruptions, report } = workings;
  const run = new RunBundler({
    making,
    metadata: startMetadata(combined(msg, workings)),
    recordInterruptions,
    report,
  });
  call.runs.set(msg.run, run);
  call.records.push({ uid: run.uid, scan_id: run.scanId, is_open: true });
  workings.runsChanged();
  return run.uid;
}

/** What is said closest to the person counts most: the call, then the plan's message, then the session. */
const combined = (msg: Msg, { md, call }: Workings): Document => ({
  ...md,
  plan_type: 'generator',
  plan_name: call.planName,
  ...msg.kwargs,
  ...call.metadata,
});

export function recordClosed({ call, runsChanged }: Pick<Workings, 'call' | 'runsChanged'>, uid: string): void {
  const record = call.records.find((one) => one.uid === uid);
  if (record !== undefined) record.is_open = false;
  runsChanged();
}

import type { ExitStatus } from './documents.ts';
import { recordClosed } from './commands/runs.ts';
import type { Workings } from './commands/command.ts';
import { FailedPause, asError, PlanHalt, RequestAbort, RequestStop } from './errors.ts';
import { nameOf } from './capabilities.ts';
import { askAll } from './patience.ts';
import { stopAll } from './resting.ts';
import type { FinishedOutcome } from './outcome.ts';
import type { PlanCall } from './plan-call.ts';

export type Ending = Pick<FinishedOutcome, 'exit_status' | 'reason' | 'error' | 'result'>;

/** How a call that ran to its end is recorded: a plan that an abort ended by returning was aborted all the same. */
export function endedWell(call: PlanCall, result: unknown): Ending {
  const isCut = call.interruption === 'abort' || call.interruption === 'halt';
  return { exit_status: isCut ? 'abort' : 'success', reason: call.reason, result };
}

/** How a call is recorded that ended with what its plan threw, or let through. */
export function endedBy(call: PlanCall, error: unknown): Ending {
  if (error instanceof RequestStop) return { exit_status: 'success', reason: call.reason, result: undefined };
  if (error instanceof RequestAbort || error instanceof PlanHalt || error instanceof FailedPause) {
    return { exit_status: 'abort', reason: call.reason, result: undefined };
  }
  return { exit_status: 'fail', reason: asError(error).message || call.reason, result: undefined, error };
}

/**
 * Puts everything at rest after the plan, whatever became of it: what was moved is stopped, flyers are collected,
 * what is still staged is unstaged, open runs are closed and watch no more signals. A step that fails is reported and holds
 * back none of the next, and patience with silent devices ends.
 */
export async function close(workings: Workings, ending: Ending): Promise<void> {
  const { call, report } = workings;
  call.isClosing = true;
  const toStop = ending.exit_status === 'success' ? call.moved : new Set([...call.moved, ...call.flown]);
  await stopAll(toStop, call, report);
  await collectTheRest(call, report);
  await unstageTheRest(call, report);
  closeRuns(workings, ending.exit_status, ending.reason);
  for (const token of call.subscriptions) workings.documents.unsubscribe(token);
}

function collectTheRest(call: PlanCall, report: (error: unknown) => void): Promise<void> {
  const asks = [...call.runs.values()].flatMap((run) =>
    run.collector.uncollected.map((flyer) => ({
      what: `collect ${nameOf(flyer)}`,
      ask: () => run.collect([flyer], { returnPayload: false }),
    })),
  );
  return askAll(asks, call.patience, report);
}

/** Last staged, first unstaged. */
function unstageTheRest(call: PlanCall, report: (error: unknown) => void): Promise<void> {
  const asks = [...call.staged].toReversed().map((device) => ({
    what: `unstage ${nameOf(device)}`,
    ask: async () => {
      const unstaged = device.unstage();
      if (!Array.isArray(unstaged)) await unstaged.finished;
    },
  }));
  return askAll(asks, call.patience, report);
}

function closeRuns(workings: Workings, exitStatus: ExitStatus, reason: string): void {
  const { call, report } = workings;
  for (const run of call.runs.values()) {
    try {
      run.close(exitStatus, reason);
    } catch (error) {
      report(error);
    }
    recordClosed(workings, run.uid);
  }
  call.runs.clear();
}

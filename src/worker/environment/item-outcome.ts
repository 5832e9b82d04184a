import { inspect } from 'node:util';
import type { ReportOf } from '../../protocol/worker/reports.ts';
import type { FinishedOutcome } from '../run-engine/outcome.ts';

type ItemFinished = ReportOf<'item_finished'>;
export type Ending = 'stop' | 'abort' | 'halt';

const EXIT_STATUS = { stop: 'stopped', abort: 'aborted', halt: 'halted' } as const;

/**
 * How an item ended, in the words of the queue. What a person asked for names the end, as in the original, unless the
 * plan failed over it; `fault` is what broke in the process while the plan ran. An abort that nobody asked for is a pause
 * that the plan could not take.
 */
export function itemOutcome(
  outcome: FinishedOutcome,
  asked: { ending: Ending | undefined; reason: string; fault: Error | undefined },
): Pick<ItemFinished, 'exit_status' | 'run_uids' | 'scan_ids' | 'msg' | 'traceback'> {
  const runs = { run_uids: outcome.run_uids, scan_ids: outcome.scan_ids };
  const error = asked.fault ?? (outcome.exit_status === 'fail' ? outcome.error : undefined);
  if (error !== undefined || outcome.exit_status === 'fail') return { ...failure(error ?? outcome.reason), ...runs };
  if (asked.ending !== undefined) {
    return { exit_status: EXIT_STATUS[asked.ending], msg: asked.reason, traceback: '', ...runs };
  }
  if (outcome.exit_status === 'abort') {
    return { exit_status: 'aborted', msg: outcome.reason, traceback: '', ...runs };
  }
  return { exit_status: 'completed', msg: '', traceback: '', ...runs };
}

/** The message's form is the original's: clients show it. */
export function failure(error: unknown): Pick<ItemFinished, 'exit_status' | 'msg' | 'traceback'> {
  return { exit_status: 'failed', msg: `Plan failed: ${messageOf(error)}`, traceback: tracebackOf(error) };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The stack with its causes. */
export const tracebackOf = (error: unknown): string => (error instanceof Error ? inspect(error) : String(error));

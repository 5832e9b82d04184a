import type { WorkerParams } from '../../protocol/worker/requests.ts';
import type { ReportOf } from '../../protocol/worker/reports.ts';
import { messageOf, tracebackOf } from './item-outcome.ts';

export type TaskOrder = WorkerParams<'task_run'>;
type TaskFinished = ReportOf<'task_finished'>;

/** The original's names, which stand in the messages that clients show. */
export const TASK_NAMES = { function: 'Execute function', script: 'Load script', update: 'Load script' } as const;

/** Runs a task to its end and gives its report; nothing escapes. A value that is no JSON is a failure, as in the original. */
export async function carriedOut(order: TaskOrder, run: () => unknown): Promise<TaskFinished> {
  const about = { type: 'task_finished', task_uid: order.task_uid, time_start: Date.now() / 1000 } as const;
  try {
    const value = jsonText(await run());
    return { ...about, success: true, msg: '', traceback: '', return_value: value, time_stop: Date.now() / 1000 };
  } catch (error) {
    const msg = `Error occurred while executing '${TASK_NAMES[order.kind]}': ${messageOf(error)}`;
    const failed = { success: false, msg, traceback: tracebackOf(error), return_value: 'null' };
    return { ...about, ...failed, time_stop: Date.now() / 1000 };
  }
}

/** The report of a task whose environment ends before it does. */
export function givenUp({ task_uid, kind }: TaskOrder, startedAt: number, reason: string): TaskFinished {
  const msg = `'${TASK_NAMES[kind]}' was given up: ${reason}`;
  const failed = { success: false, msg, traceback: '', return_value: 'null' };
  return { type: 'task_finished', task_uid, ...failed, time_start: startedAt, time_stop: Date.now() / 1000 };
}

function jsonText(value: unknown): string {
  try {
    const text: unknown = JSON.stringify(value); // undefined for what JSON has no word for, a function for instance
    return typeof text === 'string' ? text : 'null';
  } catch (error) {
    throw new TypeError(`Task result can not be serialized as JSON: ${messageOf(error)}`, { cause: error });
  }
}

import { parseView } from '../../lib/raw-json.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { ItemResult } from '../../protocol/item.ts';
import { repr } from '../../lib/python-text/repr.ts';
import type { ItemText, StoreChange } from '../store/store.ts';
import { about, inserted } from './decision.ts';
import type { Decision } from './decision.ts';
import { forgotten } from './history.ts';
import { asKept, cleaned, isImmediate, itemType, renewed, started, withResult } from './item-text.ts';
import type { FinishCause, ReportCursor } from './queue-interface.ts';
import type { QueueMemory } from './queue-memory.ts';
import { asPython, refused } from './refusal.ts';

/** The original's name for the step: clients that log it know it. */
const NOT_A_PLAN = "Function 'PlanQueueOperations.set_next_item_as_running' was called for an item other than plan: ";

/** What running the queue does to it. An item is in the queue, is running, or is in the history: never in two of them. */
export function takeNext(memory: QueueMemory, at: number, once: ItemText | undefined): Decision<ItemText | null> {
  if (memory.running) throw coded('ITEM_ALREADY_RUNNING', { uid: memory.running.uid });
  const next = once ?? memory.queue.at(0);
  if (!next) return { answer: null };
  if (itemType(next) !== 'plan') throw refused(`${NOT_A_PLAN}${repr(asPython(parseView(next.text)))}`);
  const item = started(next, at, once !== undefined);
  const leaves: StoreChange[] = once ? [] : [{ type: 'remove', items: [next] }];
  return {
    changes: [...leaves, { type: 'run', item }],
    events: [about('item_started', item, { immediate: once !== undefined })],
    tells: once ? ['running'] : ['queue', 'running'],
    answer: item,
  };
}

export function takeInstruction(memory: QueueMemory): Decision<ItemText | null> {
  const item = memory.queue.at(0);
  // A plan may have been put in front since the caller looked: it is not to be carried off as an instruction.
  if (!item || itemType(item) === 'plan') return { answer: null };
  const again = memory.mode.loop ? asKept(renewed(item)) : null;
  return {
    changes: [{ type: 'remove', items: [item] }, ...inserted(again, null)],
    events: [about('instruction_done', item, again ? { requeued_as: again.uid } : undefined)],
    tells: ['queue'],
    answer: item,
  };
}

export function putBack(memory: QueueMemory): Decision<void> {
  const { running } = memory;
  if (!running) return { answer: undefined };
  const item = isImmediate(running) ? null : cleaned(running);
  return {
    changes: [{ type: 'run', item: null }, ...inserted(item, memory.queue.at(0) ?? null)],
    events: [about('item_put_back', running, item ? undefined : { immediate: true })],
    tells: item ? ['queue', 'running'] : ['running'],
    answer: undefined,
  };
}

export interface Finish {
  readonly result: ItemResult;
  readonly cursor: ReportCursor | null;
  readonly cause: FinishCause;
  readonly historyLimit: number;
}

/** The history's item; null when none was running, which still stores that the report was dealt with. */
export function finish(
  memory: QueueMemory,
  { result, cursor, cause, historyLimit }: Finish,
): Decision<ItemText | null> {
  const { running } = memory;
  if (!running) return { changes: cursorAt(cursor), answer: null };
  const done = withResult(cleaned(running), result);
  const copy = isImmediate(running) ? null : copyLeft(memory, { running, done, result, cause });
  const again = copy?.item ?? null;
  const { exit_status } = result;
  return {
    changes: [
      { type: 'run', item: null },
      ...inserted(again, copy?.before ?? null),
      { type: 'remember', item: done },
      ...forgotten(memory, historyLimit - 1),
      ...cursorAt(cursor),
    ],
    events: [about('item_finished', done, again ? { exit_status, requeued_as: again.uid } : { exit_status })],
    tells: again ? ['queue', 'running', 'history'] : ['running', 'history'],
    answer: done,
  };
}

/**
 * What stays in the queue of an item that ended. What ran to its end leaves nothing, but in loop mode a copy at the back;
 * so does what a person stopped, and what is unknown: a loop stays whole, and the queue stands still until a person
 * starts it. What broke off leaves a copy at the front, its result with it, to be looked at and run again.
 */
function copyLeft(
  memory: QueueMemory,
  { running, done, result, cause }: Pick<Finish, 'result' | 'cause'> & { running: ItemText; done: ItemText },
): { item: ItemText; before: ItemText | null } | null {
  const { loop, ignore_failures } = memory.mode;
  const isIgnored = result.exit_status === 'failed' && ignore_failures && cause === 'plan';
  if (!isIgnored && BROKEN_OFF.has(result.exit_status)) {
    return { item: renewed(done), before: memory.queue.at(0) ?? null };
  }
  return loop ? { item: renewed(cleaned(running)), before: null } : null;
}

const BROKEN_OFF: ReadonlySet<string> = new Set(['failed', 'aborted', 'halted']);

export const cursorAt = (cursor: ReportCursor | null): StoreChange[] =>
  cursor ? [{ type: 'set', name: 'cursor', text: JSON.stringify(cursor) }] : [];

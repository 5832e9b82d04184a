import { repr } from '../../lib/python-text/repr.ts';
import type { StoreChange } from '../store/store.ts';
import type { Decision } from './decision.ts';
import type { QueueMemory } from './queue-memory.ts';
import { asPython, isGiven, isInteger, refused } from './refusal.ts';

export interface ClearHistoryRequest {
  readonly size?: unknown;
  readonly item_uid?: unknown;
}

/** All of it, or all but the newest `size`, or all up to the item, which goes too. */
export function clearHistory(memory: QueueMemory, { size, item_uid: uid }: ClearHistoryRequest): Decision<void> {
  if (isGiven(size) && isGiven(uid)) throw refused("Parameters 'size' and 'item_uid' are mutually exclusive.");
  if (isGiven(size)) return cutTo(memory, sizeOf(size));
  if (isGiven(uid)) return cut(memory, placeOf(memory, uid) + 1);
  return cutTo(memory, -1);
}

/** What must go so that at most `limit` items stay. */
export function forgotten(memory: QueueMemory, limit: number): StoreChange[] {
  const count = memory.history.size - limit;
  return count > 0 ? [{ type: 'forget', count }] : [];
}

function cut(memory: QueueMemory, wanted: number): Decision<void> {
  const count = Math.min(wanted, memory.history.size);
  if (count <= 0) return { answer: undefined };
  return {
    changes: [{ type: 'forget', count }],
    events: [{ kind: 'history_cleared', detail: { items: count } }],
    tells: ['history'],
    answer: undefined,
  };
}

/** Less than nothing is nothing, and yet a change: the original gives an empty history a new UID then. */
function cutTo(memory: QueueMemory, size: number): Decision<void> {
  if (size >= memory.history.size) return { answer: undefined };
  return { ...cut(memory, memory.history.size - Math.max(0, size)), tells: ['history'] };
}

function sizeOf(size: unknown): number {
  if (isInteger(size) || typeof size === 'boolean') return Number(size);
  throw refused(`The 'size' parameter must be an integer: size=${repr(asPython(size))}`);
}

/** Of the oldest item with that UID: a client may have run the same UID twice. -1 when there is none. */
function placeOf(memory: QueueMemory, uid: unknown): number {
  if (typeof uid !== 'string') {
    throw refused(`The 'item_uid' parameter must be a string: item_uid=${repr(asPython(uid))}`);
  }
  let index = 0;
  for (const item of memory.history) {
    if (item.uid === uid) return index;
    index++;
  }
  return -1;
}

import type { EventKind } from '../../protocol/events.ts';
import type { Happening, ItemText, StoreChange } from '../store/store.ts';
import type { QueueChange } from './queue-interface.ts';

/**
 * What a request comes to, before anything is done: what to commit, what to log with it, whom to tell, what to answer.
 * Deciding reads the copy in memory and changes nothing; a refusal is thrown.
 */
export interface Decision<T> {
  readonly changes?: readonly StoreChange[];
  readonly events?: readonly Happening[];
  readonly tells?: readonly QueueChange[];
  readonly answer: T;
}

export function about(kind: EventKind, item: ItemText, detail?: Record<string, unknown>): Happening {
  return { kind, item_uid: item.uid, ...(detail && { detail }) };
}

/** Into the queue, where there is something to put. */
export const inserted = (item: ItemText | null, before: ItemText | null): StoreChange[] =>
  item ? [{ type: 'add', items: [item], before }] : [];

import type { CodedError } from '../../protocol/error-codes.ts';
import type { EventKind } from '../../protocol/events.ts';

/** An item as it is kept: its whole JSON text, members in the client's order and in the client's own bytes. */
export interface ItemText {
  readonly uid: string;
  readonly text: string;
}

/** One part of a transaction, in words that any store can follow. A place is the item before which something goes. */
export type StoreChange =
  | { readonly type: 'add' | 'move'; readonly items: readonly ItemText[]; readonly before: ItemText | null } // null: the back
  | { readonly type: 'remove'; readonly items: readonly ItemText[] }
  | { readonly type: 'replace'; readonly item: ItemText; readonly by: ItemText }
  | { readonly type: 'clear' } // the queue; not the running item, not the history
  | { readonly type: 'run'; readonly item: ItemText | null } // what is running from now on
  | { readonly type: 'remember'; readonly item: ItemText } // the newest of the history
  | { readonly type: 'forget'; readonly count: number } // as many of the oldest of the history
  | { readonly type: 'set'; readonly name: ValueName; readonly text: string | null };

/** Single values beside the queue, each a JSON text; the words for what the original keeps under a key of its own. */
export type ValueName = 'mode' | 'autostart' | 'stop_pending' | 'lock' | 'permissions' | 'cursor';

/** What happened, for the numbered log; `protocol/events.ts` has the kinds. `detail` is small: names and numbers, never a plan's arguments. */
export interface StoreEvent {
  readonly kind: EventKind;
  readonly at: number;
  readonly item_uid?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}
/** An event that has not got its time yet. */
export type Happening = Omit<StoreEvent, 'at'>;
export type NumberedEvent = StoreEvent & { readonly number: number };

/** Why a store cannot be written now, as a refused client reads it. */
export type StoreTrouble = CodedError<'STORE_AWAY' | 'STORE_LOST'>;

/** All that a manager starts from. Queue front first, history oldest first. */
export interface StoredState {
  readonly queue: readonly ItemText[];
  readonly running: ItemText | null;
  readonly history: readonly ItemText[];
  readonly values: Readonly<Partial<Record<ValueName, string>>>;
}

/**
 * Where the queue lives. Each commit is one transaction: once it resolves, the change and its events survive a power
 * cut; if it rejects, nothing has changed. Commits take effect in the order made. Whoever has a store open holds it
 * alone, by a lease that ends with the process, however that ends. Times are seconds since 1970.
 *
 * A commit names only what the store has: an item that is moved, replaced or removed stands in the queue.
 */
export interface QueueStore {
  /**
   * Rises each time the store is opened: what was told by an earlier holder can be known and refused. At least the time in
   * seconds, so that it rises from one store to another, too, when a worker outlives the change.
   */
  readonly epoch: number;
  read(): Promise<StoredState>;
  /**
   * @throws STORE_FAILED (read-only, corrupt), STORE_UNWRITABLE (no room): nothing of it was written; STORE_AWAY,
   * STORE_LOST: nothing of it will have been written when the store can be used again
   */
  commit(changes: readonly StoreChange[], events: readonly StoreEvent[]): Promise<void>;
  /**
   * The log after that number, oldest first. It is bounded: the oldest events go, their numbers are never used again, so
   * a first number above `number + 1` tells that some are gone. Numbers rise by one, from the first event ever.
   */
  eventsAfter(number: number, limit: number): Promise<NumberedEvent[]>;
  /** The number of the newest event; 0 when there was none. */
  lastEvent(): Promise<number>;

  /** Null while it can be written. STORE_AWAY ends by itself; STORE_LOST does not: another program writes there. */
  readonly trouble: StoreTrouble | null;
  /** Told each time `trouble` comes, changes or goes. */
  onTrouble(listener: (trouble: StoreTrouble | null) => void): void;
  /** After a commit was rejected: resolves when the same one may be tried again. */
  writable(): Promise<void>;
  /** Who has in memory all that was acknowledged says so: a store that comes back with less is written anew from there. */
  backedBy(memory: () => StoredState): void;

  close(): Promise<void>;
}

import type { ItemResult } from '../../protocol/item.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Happening, ItemText, StoreTrouble } from '../store/store.ts';

export type { Happening, ItemText };
export { BatchRefused } from './batch-refused.ts';

/** Where an item goes, as the client wrote it; judged by the queue, in the original's words. */
export interface Place {
  readonly pos?: unknown;
  readonly before_uid?: unknown;
  readonly after_uid?: unknown;
}

export interface QueueMode {
  readonly loop: boolean;
  readonly ignore_failures: boolean;
}

/** Which report of which worker an outcome came from; stored in the same transaction, then acknowledged. */
export interface ReportCursor {
  readonly worker_uid: string;
  readonly number: number;
}

/**
 * What ended the item: the plan itself, or the loss of what it ran in (it could not start, its environment was
 * destroyed, its worker died). That is no failure a queue ignores.
 */
export type FinishCause = 'plan' | 'environment';

/** JSON texts that other parts of the manager keep in the store, each as the original keeps it. */
export type KeptValue = 'lock' | 'permissions' | 'stop_pending';

/** Where an item is. In the queue it has a position, 0 is the front. */
export type ItemPlace =
  | { readonly where: 'queue'; readonly item: ItemText; readonly position: number }
  | { readonly where: 'running' | 'history'; readonly item: ItemText };

/** A text to be kept, null for none, and what that is in the log. */
export interface Kept {
  readonly text: string | null;
  readonly events: readonly Happening[];
}

/** What changed, for status, streams and clients; emitted after the change is on disk, once per change. */
export type QueueChange = 'queue' | 'history' | 'running' | 'mode' | 'autostart' | 'store';

/** Whether a change waits for a store that cannot be written now: what must happen waits, what a client asks is refused. */
export interface Patience {
  readonly waits?: boolean;
}

/**
 * The queue, the running item and the history: the one authoritative copy, in memory, every change on disk before its
 * promise resolves. Changes take effect in the order of the calls. What running the queue does to it waits for a store that
 * is away, and changes that clients ask for are refused meanwhile. A refusal is a `CodedError` (`REFUSED` with the
 * original's text) and leaves everything as it was.
 */
export interface PlanQueue {
  readonly size: number;
  readonly historySize: number;
  /** New exactly when the queue or the running item, or the history, changes. */
  readonly queueUid: string;
  readonly historyUid: string;
  readonly mode: QueueMode;
  readonly isAutostartEnabled: boolean;
  readonly running: ItemText | null;
  /** JSON arrays of all items; the same string until something changes, so that an unchanged answer costs nothing. */
  queueText(): string;
  historyText(): string;
  onChange(listener: (change: QueueChange) => void): void;

  /** All that happened, numbered; each event was committed with the change that it tells. */
  readonly events: EventLog;

  get(which: { pos?: unknown; uid?: unknown }): ItemText;
  /** null when it is in none of the three. Not a scan, however many there are. */
  whereIs(uid: string): ItemPlace | null;
  add(item: ItemText, place: Place): Promise<{ item: ItemText; qsize: number }>;
  /**
   * All or none, next to each other.
   * @throws BatchRefused: `results` has a verdict for each item
   */
  addBatch(items: readonly ItemText[], place: Place): Promise<{ items: ItemText[]; qsize: number }>;
  replace(item: ItemText, replacedUid: string): Promise<{ item: ItemText; qsize: number }>;
  remove(which: { pos?: unknown; uid?: unknown }): Promise<{ item: ItemText; qsize: number }>;
  removeBatch(which: { uids: unknown; ignore_missing?: unknown }): Promise<{ items: ItemText[]; qsize: number }>;
  move(which: { pos?: unknown; uid?: unknown; pos_dest?: unknown } & Place): Promise<{ item: ItemText; qsize: number }>;
  moveBatch(
    which: { uids: unknown; pos_dest?: unknown; reorder?: unknown } & Place,
  ): Promise<{ items: ItemText[]; qsize: number }>;
  clear(): Promise<void>;
  setMode(mode: Partial<QueueMode> | 'default'): Promise<void>;
  setAutostart(isEnabled: boolean, patience?: Patience): Promise<void>;

  /**
   * The front item leaves the queue and becomes the running one, in the same transaction; null when the queue is empty.
   * Its text then says since when, in `properties.time_start`.
   * `once` is an item that never stood in the queue (immediate execution). In loop mode nothing is copied yet: `finish` does that.
   */
  takeNext(at: number, once?: ItemText): Promise<ItemText | null>;
  /** An instruction at the front is done: it leaves the queue, in loop mode for the back, with a new UID as the original. */
  takeInstruction(): Promise<ItemText | null>;
  /** The item was taken and not started: it goes back to the front as it was. */
  putBack(): Promise<void>;
  /**
   * The running item goes to the history with its result, and is answered as it stands there; null when none was running.
   * As the original: completed, stopped and unknown are not queued again, but in loop mode at the back and under a new
   * UID; failed, aborted and halted leave a copy with a new UID at the front, unless it is the plan that failed in a queue
   * that ignores failures: that ends as if completed. An immediate item leaves no copy.
   */
  finish(result: ItemResult, cursor: ReportCursor | null, cause?: FinishCause): Promise<ItemText | null>;
  clearHistory(which: { size?: unknown; item_uid?: unknown }): Promise<void>;

  /** Higher at each start: the worker refuses managers of an older one. */
  readonly epoch: number;
  readonly cursor: ReportCursor | null;
  /** Stores that a report was dealt with that changed nothing else here, and what it told. */
  setCursor(cursor: ReportCursor, events?: readonly Happening[]): Promise<void>;
  /** What happened elsewhere and has a place in the log, but nothing to store. */
  record(event: Happening, patience?: Patience): Promise<void>;

  /** What was kept under that name; null when nothing was. */
  kept(name: KeptValue): string | null;
  keep(name: KeptValue, kept: Kept, patience?: Patience): Promise<void>;

  /** Why nothing can be changed now: the store is away, or another program writes there. */
  readonly trouble: StoreTrouble | null;
  /** Nothing waits for the store any more: what cannot be written now is refused. Before the end. */
  stopWaiting(): void;
  close(): Promise<void>;
}

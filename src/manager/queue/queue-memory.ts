import { ChunkedList } from '../../lib/chunked-list.ts';
import type { ItemText, StoreChange, StoredState, ValueName } from '../store/store.ts';
import { isImmediate } from './item-text.ts';
import type { ItemPlace, QueueMode } from './queue-interface.ts';
import { storedMode } from './queue-mode.ts';

/**
 * What the store holds, in memory: the copy that answers every read. It changes by the very words that were committed,
 * after they were, so that the two cannot part.
 */
export class QueueMemory {
  readonly queue: ChunkedList<ItemText>;
  readonly history: ChunkedList<ItemText>;
  readonly #byUid: Map<string, ItemText>;
  /** Of the history; of a UID that stands there twice the later one. */
  readonly #doneByUid: Map<string, ItemText>;
  readonly #values: Map<ValueName, string>;
  #running: ItemText | null;
  #mode: QueueMode;

  constructor(stored: StoredState) {
    this.queue = new ChunkedList(({ text }) => text, stored.queue);
    this.history = new ChunkedList(({ text }) => text, stored.history);
    this.#byUid = new Map(stored.queue.map((item) => [item.uid, item]));
    this.#doneByUid = new Map(stored.history.map((item) => [item.uid, item]));
    this.#values = new Map(Object.entries(stored.values) as [ValueName, string][]);
    this.#running = stored.running;
    this.#mode = storedMode(this.value('mode'));
  }

  get running(): ItemText | null {
    return this.#running;
  }

  get mode(): QueueMode {
    return this.#mode;
  }

  /** All of it, as a store keeps it. */
  stored(): StoredState {
    const values = Object.fromEntries(this.#values) as StoredState['values'];
    return { queue: [...this.queue], running: this.#running, history: [...this.history], values };
  }

  value(name: ValueName): string | null {
    return this.#values.get(name) ?? null;
  }

  /** The item with that UID, when it stands in the queue. */
  find(uid: string): ItemText | undefined {
    return this.#byUid.get(uid);
  }

  whereIs(uid: string): ItemPlace | null {
    const queued = this.#byUid.get(uid);
    if (queued) return { where: 'queue', item: queued, position: this.queue.indexOf(queued) };
    if (this.#running?.uid === uid) return { where: 'running', item: this.#running };
    const done = this.#doneByUid.get(uid);
    return done ? { where: 'history', item: done } : null;
  }

  /** The running item is known by its UID, unless it never stood in the queue. */
  isRunning(uid: string): boolean {
    return this.#running?.uid === uid && !isImmediate(this.#running);
  }

  /** Whether no other item may bring that UID. */
  isTaken(uid: string): boolean {
    return this.#byUid.has(uid) || this.isRunning(uid);
  }

  /** The item behind this one; null when it is the last. */
  after(item: ItemText): ItemText | null {
    return this.queue.at(this.queue.indexOf(item) + 1) ?? null;
  }

  apply(changes: readonly StoreChange[]): void {
    for (const change of changes) this.#apply(change);
  }

  #apply(change: StoreChange): void {
    switch (change.type) {
      case 'add':
        return this.#insert(change.items, change.before);
      case 'move':
        for (const item of change.items) this.#remove(item);
        return this.#insert(change.items, change.before);
      case 'remove':
        return change.items.forEach((item) => this.#remove(item));
      case 'replace':
        this.#insert([change.by], change.item);
        this.queue.remove(change.item);
        if (change.by.uid !== change.item.uid) this.#byUid.delete(change.item.uid);
        return;
      case 'clear':
        this.queue.clear();
        return this.#byUid.clear();
      case 'run':
        this.#running = change.item;
        return;
      case 'remember':
        this.#doneByUid.set(change.item.uid, change.item);
        return this.history.insert(this.history.size, [change.item]);
      case 'forget':
        return this.#forget(change.count);
      case 'set':
        if (change.text === null) this.#values.delete(change.name);
        else this.#values.set(change.name, change.text);
        if (change.name === 'mode') this.#mode = storedMode(change.text);
        return;
    }
  }

  #insert(items: readonly ItemText[], before: ItemText | null): void {
    this.queue.insert(before ? this.queue.indexOf(before) : this.queue.size, items);
    for (const item of items) this.#byUid.set(item.uid, item);
  }

  #forget(count: number): void {
    let left = count;
    for (const item of this.history) {
      if (left-- <= 0) break;
      if (this.#doneByUid.get(item.uid) === item) this.#doneByUid.delete(item.uid);
    }
    this.history.removeFront(count);
  }

  #remove(item: ItemText): void {
    this.queue.remove(item);
    this.#byUid.delete(item.uid);
  }
}

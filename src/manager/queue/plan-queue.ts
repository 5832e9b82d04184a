import { Emitter } from '../../lib/emitter.ts';
import type { ItemResult } from '../../protocol/item.ts';
import { EventLog } from '../events/event-log.ts';
import type { Happening, ItemText, QueueStore, StoredState, StoreTrouble } from '../store/store.ts';
import type { Decision } from './decision.ts';
import * as edits from './edits.ts';
import * as execution from './execution.ts';
import { clearHistory } from './history.ts';
import type { ClearHistoryRequest } from './history.ts';
import type { MoveBatchRequest, MoveRequest } from './moves.ts';
import { StorePatience } from './patience.ts';
import { itemAt } from './place.ts';
import type { Which } from './place.ts';
import type {
  FinishCause,
  ItemPlace,
  Kept,
  KeptValue,
  Patience,
  Place,
  PlanQueue,
  QueueChange,
  QueueMode,
  ReportCursor,
} from './queue-interface.ts';
import { QueueMemory } from './queue-memory.ts';
import { setMode } from './queue-mode.ts';

export interface PlanQueueOptions {
  /** How many items the history keeps; the oldest go. */
  readonly historyLimit?: number;
  /** Seconds since 1970. */
  readonly now?: () => number;
  /** A listener that throws does not undo what it was told of. Without this it is an uncaught exception. */
  readonly onListenerError?: (error: unknown) => void;
}

/** Reads what the store has; from then on the queue is what this object says, and the store follows it. */
export async function openPlanQueue(store: QueueStore, options: PlanQueueOptions = {}): Promise<PlanQueue> {
  const log = new EventLog(store, await store.lastEvent(), options.onListenerError ?? uncaught);
  return new StoredPlanQueue(store, await store.read(), log, options);
}

interface WithSize<T> {
  readonly qsize: number;
  readonly answer: T;
}

/**
 * Each change is decided on the copy in memory, committed to the store, and only then made in memory: a commit that
 * fails leaves no trace, and nobody reads what could still be lost. One change waits for the other; so a decision always
 * sees the whole of the one before it.
 */
class StoredPlanQueue implements PlanQueue {
  readonly epoch: number;
  readonly events: EventLog;
  readonly #store: QueueStore;
  readonly #patience: StorePatience;
  readonly #memory: QueueMemory;
  readonly #historyLimit: number;
  readonly #now: () => number;
  readonly #emitter: Emitter<{ change: QueueChange }>;
  #turn: Promise<unknown> = Promise.resolve();
  #queueUid: string = crypto.randomUUID();
  #historyUid: string = crypto.randomUUID();

  constructor(store: QueueStore, stored: StoredState, events: EventLog, options: PlanQueueOptions) {
    this.epoch = store.epoch;
    this.events = events;
    this.#store = store;
    this.#patience = new StorePatience(store);
    this.#memory = new QueueMemory(stored);
    this.#historyLimit = options.historyLimit ?? 50_000;
    this.#now = options.now ?? (() => Date.now() / 1000);
    this.#emitter = new Emitter(options.onListenerError ?? uncaught);
    store.backedBy(() => this.#memory.stored());
    store.onTrouble(() => this.#tell(['store']));
  }

  get size(): number {
    return this.#memory.queue.size;
  }
  get historySize(): number {
    return this.#memory.history.size;
  }
  get queueUid(): string {
    return this.#queueUid;
  }
  get historyUid(): string {
    return this.#historyUid;
  }
  get mode(): QueueMode {
    return this.#memory.mode;
  }
  get isAutostartEnabled(): boolean {
    return this.#memory.value('autostart') === autostartText(true);
  }
  get running(): ItemText | null {
    return this.#memory.running;
  }
  get trouble(): StoreTrouble | null {
    return this.#store.trouble;
  }
  get cursor(): ReportCursor | null {
    const text = this.#memory.value('cursor');
    return text === null ? null : (JSON.parse(text) as ReportCursor); // `cursorAt` alone writes it.
  }

  queueText(): string {
    return this.#memory.queue.text();
  }

  historyText(): string {
    return this.#memory.history.text();
  }

  onChange(listener: (change: QueueChange) => void): void {
    this.#emitter.on('change', listener);
  }

  get(which: Which): ItemText {
    return itemAt(this.#memory, which);
  }

  whereIs(uid: string): ItemPlace | null {
    return this.#memory.whereIs(uid);
  }

  add(item: ItemText, place: Place): Promise<{ item: ItemText; qsize: number }> {
    return this.#change(() => edits.add(this.#memory, item, place)).then(oneItem);
  }

  addBatch(items: readonly ItemText[], place: Place): Promise<{ items: ItemText[]; qsize: number }> {
    return this.#change(() => edits.addBatch(this.#memory, items, place)).then(manyItems);
  }

  replace(item: ItemText, replacedUid: string): Promise<{ item: ItemText; qsize: number }> {
    return this.#change(() => edits.replace(this.#memory, item, replacedUid)).then(oneItem);
  }

  remove(which: Which): Promise<{ item: ItemText; qsize: number }> {
    return this.#change(() => edits.remove(this.#memory, which)).then(oneItem);
  }

  removeBatch(which: edits.RemoveBatchRequest): Promise<{ items: ItemText[]; qsize: number }> {
    return this.#change(() => edits.removeBatch(this.#memory, which)).then(manyItems);
  }

  move(which: MoveRequest): Promise<{ item: ItemText; qsize: number }> {
    return this.#change(() => edits.move(this.#memory, which)).then(oneItem);
  }

  moveBatch(which: MoveBatchRequest): Promise<{ items: ItemText[]; qsize: number }> {
    return this.#change(() => edits.moveBatch(this.#memory, which)).then(manyItems);
  }

  async clear(): Promise<void> {
    await this.#change(() => edits.clear(this.#memory));
  }

  async setMode(asked: Partial<QueueMode> | 'default'): Promise<void> {
    await this.#change(() => setMode(this.mode, asked));
  }

  async setAutostart(isEnabled: boolean, patience: Patience = {}): Promise<void> {
    await this.#made(patience, () => {
      if (isEnabled === this.isAutostartEnabled) return { answer: undefined };
      return {
        changes: [{ type: 'set', name: 'autostart', text: autostartText(isEnabled) }],
        events: [{ kind: 'autostart_changed', detail: { enabled: isEnabled } }],
        tells: ['autostart'],
        answer: undefined,
      };
    });
  }

  async takeNext(at: number, once?: ItemText): Promise<ItemText | null> {
    return (await this.#made(WAITS, () => execution.takeNext(this.#memory, at, once))).answer;
  }

  async takeInstruction(): Promise<ItemText | null> {
    return (await this.#made(WAITS, () => execution.takeInstruction(this.#memory))).answer;
  }

  async putBack(): Promise<void> {
    await this.#made(WAITS, () => execution.putBack(this.#memory));
  }

  async finish(result: ItemResult, cursor: ReportCursor | null, cause: FinishCause = 'plan'): Promise<ItemText | null> {
    const historyLimit = this.#historyLimit;
    const about = { result, cursor, cause, historyLimit };
    return (await this.#made(WAITS, () => execution.finish(this.#memory, about))).answer;
  }

  async clearHistory(which: ClearHistoryRequest): Promise<void> {
    await this.#change(() => clearHistory(this.#memory, which));
  }

  async setCursor(cursor: ReportCursor, events: readonly Happening[] = []): Promise<void> {
    await this.#made(WAITS, () => ({ changes: execution.cursorAt(cursor), events, answer: undefined }));
  }

  async record(event: Happening, patience: Patience = {}): Promise<void> {
    await this.#made(patience, () => ({ events: [event], answer: undefined }));
  }

  kept(name: KeptValue): string | null {
    return this.#memory.value(name);
  }

  async keep(name: KeptValue, { text, events }: Kept, patience: Patience = {}): Promise<void> {
    await this.#made(patience, () => ({ changes: [{ type: 'set', name, text }], events, answer: undefined }));
  }

  stopWaiting(): void {
    this.#patience.end();
  }

  close(): Promise<void> {
    const closed = this.#turn.then(() => this.#store.close());
    this.#turn = closed.catch(() => undefined);
    return closed;
  }

  #made<T>({ waits = false }: Patience, decide: () => Decision<T>): Promise<WithSize<T>> {
    return waits ? this.#patience.untilTaken(() => this.#change(decide)) : this.#change(decide);
  }

  #change<T>(decide: () => Decision<T> | Promise<Decision<T>>): Promise<WithSize<T>> {
    const made = this.#turn.then(async () => {
      const { changes = [], events = [], tells = [], answer } = await decide();
      const at = this.#now();
      const timed = events.map((event) => ({ ...event, at }));
      if (changes.length > 0 || timed.length > 0) await this.#store.commit(changes, timed);
      this.#memory.apply(changes);
      const qsize = this.size;
      this.#tell(tells);
      this.events.append(timed);
      return { answer, qsize };
    });
    this.#turn = made.catch(() => undefined); // Its caller hears of it; the next change does not.
    return made;
  }

  #tell(tells: readonly QueueChange[]): void {
    if (tells.includes('queue') || tells.includes('running')) this.#queueUid = crypto.randomUUID();
    if (tells.includes('history')) this.#historyUid = crypto.randomUUID();
    for (const tell of tells) this.#emitter.emit('change', tell);
  }
}

const WAITS: Patience = { waits: true };

function uncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

const autostartText = (isEnabled: boolean): string => JSON.stringify({ enabled: isEnabled });

/** A move of one answers as a batch of one would. */
const oneItem = ({ answer, qsize }: WithSize<ItemText | ItemText[]>): { item: ItemText; qsize: number } => ({
  item: Array.isArray(answer) ? (answer[0] as ItemText) : answer,
  qsize,
});

const manyItems = ({ answer, qsize }: WithSize<ItemText[]>): { items: ItemText[]; qsize: number } => ({
  items: answer,
  qsize,
});

import { Emitter } from '../../lib/emitter.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { NumberedEvent, QueueStore, StoreEvent } from '../store/store.ts';

/** So many of the newest are answered without asking the store. */
const MOST_IN_MEMORY = 10_000;

/**
 * The log as it stands in the store, with its newest part in memory. The numbers are the store's: one more for each event,
 * in the order of the commits, all of which are told here.
 */
export class EventLog {
  readonly #store: Pick<QueueStore, 'eventsAfter'>;
  readonly #emitter: Emitter<{ appended: readonly NumberedEvent[] }>;
  #newest: NumberedEvent[] = [];
  #last: number;

  constructor(store: Pick<QueueStore, 'eventsAfter'>, last: number, onListenerError: (error: unknown) => void) {
    this.#store = store;
    this.#last = last;
    this.#emitter = new Emitter(onListenerError);
  }

  /** The number of the newest event; 0 when there was none. */
  get last(): number {
    return this.#last;
  }

  /** Of events that were committed. */
  append(events: readonly StoreEvent[]): void {
    if (events.length === 0) return;
    const numbered = events.map((event) => ({ number: ++this.#last, ...event }));
    for (const event of numbered) this.#newest.push(event);
    // Cut in steps: not one more copy for each commit.
    if (this.#newest.length > 2 * MOST_IN_MEMORY) this.#newest = this.#newest.slice(-MOST_IN_MEMORY);
    this.#emitter.emit('appended', numbered);
  }

  /** Gives back the function that ends it. */
  onAppended(listener: (events: readonly NumberedEvent[]) => void): () => void {
    return this.#emitter.on('appended', listener);
  }

  /** At most `limit` events behind that number. @throws EVENTS_GONE, EVENT_AHEAD */
  async after(number: number, limit: number): Promise<readonly NumberedEvent[]> {
    if (number > this.#last) throw coded('EVENT_AHEAD', { after: number, last: this.#last });
    if (number === this.#last) return [];
    const inMemory = this.#newest[0];
    if (inMemory !== undefined && number + 1 >= inMemory.number) {
      const from = number + 1 - inMemory.number;
      return this.#newest.slice(from, from + limit);
    }
    const events = await this.#store.eventsAfter(number, limit);
    const first = events[0]?.number ?? this.#last + 1;
    if (first > number + 1) throw coded('EVENTS_GONE', { after: number, first, last: this.#last });
    return events;
  }

  /** The number of the oldest event that is kept, or of the next one while there is none. */
  async first(): Promise<number> {
    const [oldest] = await this.#store.eventsAfter(0, 1);
    return oldest?.number ?? this.#last + 1;
  }
}

import { coded } from '../protocol/error-codes.ts';
import { ENDING_KINDS } from '../protocol/events.ts';
import type { EventFeed, ToldEvent } from './event-feed.ts';

const MOST_WAITERS = 1000;

interface Wait {
  /** Nothing up to this event is waited for. */
  readonly after: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Clients that wait for any event, or for the end of one item; told by the one feed. */
export class ChangeWaiters {
  readonly #feed: EventFeed;
  readonly #waiting = new Map<string, Set<() => void>>();
  #count = 0;

  constructor(feed: EventFeed) {
    this.#feed = feed;
    feed.events.on('told', (events) => this.#told(events));
    feed.events.on('broken', () => this.#wakeAll());
  }

  /** Resolves when an event behind that number was told, or when the time or the client's patience is over. */
  async untilPast({ after, waitMs, signal }: Wait): Promise<void> {
    const deadline = performance.now() + waitMs;
    for (let leftMs = waitMs; leftMs > 0 && !signal.aborted && this.#feed.last <= after;) {
      await this.#until(ANY, { after, waitMs: leftMs, signal });
      leftMs = deadline - performance.now();
    }
  }

  /** Resolves when the item may have ended: who waits looks. */
  async untilEnd(uid: string, wait: Wait): Promise<void> {
    const missed = this.#feed.recentAfter(wait.after);
    // What is not kept here may have held it.
    if (missed === null || missed.some((told) => ends(told, uid))) return;
    await this.#until(uid, wait);
  }

  async #until(key: string, { waitMs, signal }: Wait): Promise<void> {
    if (waitMs <= 0 || signal.aborted) return;
    if (this.#count >= MOST_WAITERS) throw coded('TOO_MANY_WAITERS', { limit: MOST_WAITERS });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
    const others = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, others.add(resolve));
    this.#count++;
    await promise;
    clearTimeout(timer);
    this.#count--;
    others.delete(resolve);
    if (others.size === 0 && this.#waiting.get(key) === others) this.#waiting.delete(key);
  }

  #told(events: readonly ToldEvent[]): void {
    this.#wake(ANY);
    if (events.some(({ event }) => event.kind === 'queue_cleared')) return this.#wakeAll();
    for (const { event } of events) {
      if (event.item_uid !== undefined && ENDING_KINDS.has(event.kind)) this.#wake(event.item_uid);
    }
  }

  #wake(key: string): void {
    for (const resolve of this.#waiting.get(key) ?? []) resolve();
  }

  #wakeAll(): void {
    for (const key of this.#waiting.keys()) this.#wake(key);
  }
}

/** No item has an empty UID. */
const ANY = '';

const ends = ({ event: { kind, item_uid: of } }: ToldEvent, uid: string): boolean =>
  kind === 'queue_cleared' || (of === uid && ENDING_KINDS.has(kind));

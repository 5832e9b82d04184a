import { coded } from '../../protocol/error-codes.ts';
import type { EventLog } from './event-log.ts';

const MOST_WAITERS = 1000;

/** Requests that wait for something to happen. Each ends with the next event, or when its time is over. */
export class EventWaiters {
  readonly #log: Pick<EventLog, 'last' | 'onAppended'>;
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  readonly #leave: () => void;
  #isClosed = false;

  constructor(log: Pick<EventLog, 'last' | 'onAppended'>, limit = MOST_WAITERS) {
    this.#log = log;
    this.#limit = limit;
    this.#leave = log.onAppended(() => this.#wake());
  }

  /** Resolves once there is an event behind that number, or after the time. @throws TOO_MANY_WAITERS */
  async until(after: number, waitMs: number): Promise<void> {
    if (this.#log.last > after || waitMs <= 0 || this.#isClosed) return;
    if (this.#waiting.size >= this.#limit) throw coded('TOO_MANY_WAITERS', { limit: this.#limit });
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    this.#waiting.add(resolve);
    await promise;
    this.#waiting.delete(resolve);
    clearTimeout(timer);
  }

  /** Whoever waits is answered now: the manager ends. */
  close(): void {
    this.#isClosed = true;
    this.#leave();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
  }
}

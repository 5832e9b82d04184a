import { Emitter } from '../lib/emitter.ts';
import { coded } from '../protocol/error-codes.ts';
import { LONGEST_WAIT_S, MOST_EVENTS } from '../protocol/events.ts';
import type { ManagerEvent } from '../protocol/events.ts';
import { eventsGet } from '../protocol/methods/events.ts';
import type { ManagerClient } from './manager-client.ts';

/** One event with the text that is made of it once, however many read it. */
export interface ToldEvent {
  readonly event: ManagerEvent;
  readonly text: string;
}

type FeedEvents = {
  told: readonly ToldEvent[];
  /** What follows does not follow what was told: the manager has another log, or the feed was away too long. */
  broken: { last: number };
};

interface Reply {
  readonly success: boolean;
  readonly msg: string;
  readonly events?: readonly ManagerEvent[];
  readonly first_event?: number;
  readonly last_event?: number;
}

const WAIT_S = LONGEST_WAIT_S / 2;
/** A manager that waits answers a moment after the wait. */
const GRACE_MS = 3000;
const MOST_RECENT = 5000;

/**
 * The manager's log as the gateway follows it: one request waits at the manager, however many clients wait here. Nothing is
 * asked before somebody wants to know; from then on each event is told once, in order, and the newest are kept.
 */
export class EventFeed {
  readonly events: Emitter<FeedEvents>;
  readonly #manager: Pick<ManagerClient, 'call' | 'events'>;
  readonly #reads = new Map<string, Promise<Reply>>();
  #recent: ToldEvent[] = [];
  #last = 0;
  #begun: Promise<void> | undefined;
  #isClosed = false;
  #wake = Promise.withResolvers<void>();

  constructor(manager: Pick<ManagerClient, 'call' | 'events'>, onError: (error: unknown) => void) {
    this.#manager = manager;
    this.events = new Emitter(onError);
  }

  /** The number of the newest event that was told. */
  get last(): number {
    return this.#last;
  }

  /** Resolves when the log is followed. @throws NO_EVENT_LOG, MANAGER_SILENT */
  begin(): Promise<void> {
    this.#begun ??= this.#begin().catch((error: unknown) => {
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  /** Those behind that number that are still kept here; null when some of them are not. */
  recentAfter(after: number): readonly ToldEvent[] | null {
    const first = this.#recent[0]?.event.number ?? this.#last + 1;
    if (after + 1 < first || after > this.#last) return null;
    return this.#recent.slice(after + 1 - first);
  }

  /** One page of the log; equal questions under way share one request. @throws EVENTS_GONE, EVENT_AHEAD, NO_EVENT_LOG */
  async page(asked: { after?: number; limit?: number }): Promise<{ events: readonly ManagerEvent[]; last: number }> {
    const params = JSON.stringify(asked);
    const reply = await this.#read(params);
    if (reply.success) return { events: reply.events ?? [], last: reply.last_event ?? 0 };
    const { first_event: first, last_event: last } = reply;
    if (first === undefined || last === undefined) throw coded('REFUSED', { msg: reply.msg });
    const after = asked.after ?? 0;
    throw after > last ? coded('EVENT_AHEAD', { after, last }) : coded('EVENTS_GONE', { after, first, last });
  }

  close(): void {
    this.#isClosed = true;
    this.#wake.resolve();
  }

  async #begin(): Promise<void> {
    const { last } = await this.page({ limit: 1 });
    this.#last = last;
    this.#recent = [];
    void this.#follow();
  }

  /** One request after the other; of a manager that is away the next sign of life is waited for. */
  async #follow(): Promise<void> {
    const leave = this.#manager.events.on('status', () => this.#wake.resolve());
    while (!this.#isClosed && this.#begun) {
      try {
        const params = JSON.stringify({ after: this.#last, limit: MOST_EVENTS, wait_s: WAIT_S });
        const reply = await this.#ask(params, WAIT_S * 1000 + GRACE_MS);
        if (reply.success) this.#take(reply.events ?? []);
        else this.#break(reply.last_event);
      } catch {
        this.#wake = Promise.withResolvers();
        if (!this.#isClosed) await this.#wake.promise;
      }
    }
    leave();
  }

  #take(events: readonly ManagerEvent[]): void {
    if (events.length === 0) return;
    const told = events.map((event) => ({ event, text: JSON.stringify(event) }));
    this.#last = events.at(-1)?.number ?? this.#last;
    for (const one of told) this.#recent.push(one);
    if (this.#recent.length > 2 * MOST_RECENT) this.#recent = this.#recent.slice(-MOST_RECENT);
    this.events.emit('told', told);
  }

  /** Without a number the manager that is there now keeps no log: whoever asks next finds out. */
  #break(last: number | undefined): void {
    this.#recent = [];
    this.#last = last ?? 0;
    if (last === undefined) this.#begun = undefined;
    this.events.emit('broken', { last: this.#last });
  }

  #read(params: string): Promise<Reply> {
    const underWay = this.#reads.get(params);
    if (underWay) return underWay;
    const read = this.#ask(params).finally(() => this.#reads.delete(params));
    this.#reads.set(params, read);
    return read;
  }

  async #ask(params: string, timeoutMs?: number): Promise<Reply> {
    const options = timeoutMs === undefined ? {} : { timeoutMs };
    const reply = JSON.parse(await this.#manager.call(eventsGet, params, options)) as Reply;
    if (reply.success || reply.events !== undefined) return reply;
    // A manager that knows the method answers with its members; any other says that it does not.
    throw coded('NO_EVENT_LOG', {});
  }
}

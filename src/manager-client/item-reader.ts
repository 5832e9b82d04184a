import { CodedError, coded } from '../protocol/error-codes.ts';
import { itemStatus } from '../protocol/methods/items.ts';
import type { ItemStatus } from '../protocol/methods/items.ts';
import type { ChangeWaiters } from './change-waiters.ts';
import type { DerivedItems } from './derived-items.ts';
import type { EventFeed } from './event-feed.ts';
import type { ManagerClient } from './manager-client.ts';

export interface ItemReaderParts {
  readonly manager: Pick<ManagerClient, 'call' | 'events'>;
  readonly feed: Pick<EventFeed, 'begin'>;
  readonly waiters: Pick<ChangeWaiters, 'untilEnd'>;
  readonly derived: DerivedItems;
  readonly prepare: (reply: string) => Buffer;
}

export interface ItemWait {
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly trace: string;
}

interface Told {
  readonly body: Buffer;
  readonly isOver: boolean;
  /** null: from a manager without a log. */
  readonly lastEvent: number | null;
}

/** One item of the manager, and the wait for its end: told by events, or by the status of a manager that has none. */
export class ItemReader {
  readonly #parts: ItemReaderParts;

  constructor(parts: ItemReaderParts) {
    this.#parts = parts;
  }

  /** The reply for a client: at once, or when the item is over or the time is. @throws ITEM_UNKNOWN, MANAGER_SILENT */
  async status(uid: string, { waitMs, signal, trace }: ItemWait): Promise<Buffer> {
    const deadline = performance.now() + waitMs;
    let told = await this.#status(uid, trace);
    for (;;) {
      const leftMs = deadline - performance.now();
      if (told.isOver || leftMs <= 0 || signal.aborted) return told.body;
      try {
        if (told.lastEvent === null) await this.#untilStatus(leftMs, signal);
        else await this.#untilEvent(uid, { after: told.lastEvent, waitMs: leftMs, signal });
        told = await this.#status(uid, trace);
      } catch (error) {
        // A manager that went away while a client waits may come back within its wait.
        if (!(error instanceof CodedError) || error.code !== 'MANAGER_SILENT') throw error;
        await this.#untilStatus(deadline - performance.now(), signal);
      }
    }
  }

  async #status(uid: string, trace: string): Promise<Told> {
    const { manager, derived, prepare } = this.#parts;
    const text = await manager.call(itemStatus, JSON.stringify({ item_uid: uid }), { trace });
    const reply = JSON.parse(text) as ItemStatus & { success: boolean; msg: string };
    if (reply.success) return { body: prepare(text), isOver: isOver(reply), lastEvent: reply.last_event };
    if (!reply.msg.startsWith('Unknown method')) throw coded('ITEM_UNKNOWN', { uid });
    const found = await derived.status(uid);
    if (found === null) throw coded('ITEM_UNKNOWN', { uid });
    const body = prepare(JSON.stringify({ success: true, msg: '', ...found }));
    return { body, isOver: isOver(found), lastEvent: null };
  }

  async #untilEvent(uid: string, wait: Parameters<ChangeWaiters['untilEnd']>[1]): Promise<void> {
    await this.#parts.feed.begin();
    await this.#parts.waiters.untilEnd(uid, wait);
  }

  /** Such a manager publishes its status whenever it changes; what it tells of queue and history is looked at then. */
  async #untilStatus(waitMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
    const leave = this.#parts.manager.events.on('status', () => resolve());
    await promise;
    clearTimeout(timer);
    leave();
  }
}

const isOver = ({ state }: Pick<ItemStatus, 'state'>): boolean => state !== 'queued' && state !== 'running';

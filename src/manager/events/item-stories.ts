import type { ItemState } from '../../protocol/methods/items.ts';
import type { NumberedEvent } from '../store/store.ts';
import type { EventLog } from './event-log.ts';

/** What the log tells of one item. Times are seconds since 1970. */
export interface ItemStory {
  state: ItemState;
  submitted_at: number | null;
  started_at: number | null;
  ended_at: number | null;
  requeued_as: string | null;
  copy_of: string | null;
  replaced_by: string | null;
}

/** Of items that have left the queue the last so many are remembered. */
const MOST_DEPARTED = 100_000;
const PAGE = 5000;

/**
 * The story of each item, read off the log. Nothing is read before somebody asks; then it is kept up with, page by page,
 * and each look-up is one in a map. What the log has forgotten before it was read is not known here.
 */
export class ItemStories {
  readonly #log: Pick<EventLog, 'last' | 'after' | 'first'>;
  readonly #stories = new Map<string, ItemStory>();
  readonly #queued = new Set<string>();
  /** In the order of leaving. */
  readonly #departed = new Set<string>();
  readonly #limit: number;
  #readTo: number | null = null;
  #reading: Promise<void> | undefined;

  constructor(log: Pick<EventLog, 'last' | 'after' | 'first'>, limit = MOST_DEPARTED) {
    this.#log = log;
    this.#limit = limit;
  }

  get(uid: string): Readonly<ItemStory> | undefined {
    return this.#stories.get(uid);
  }

  /** Resolves when everything that has happened is known. */
  async caughtUp(): Promise<void> {
    while (this.#readTo !== this.#log.last) {
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
  }

  async #read(): Promise<void> {
    const oldest = (await this.#log.first()) - 1;
    const from = Math.max(this.#readTo ?? 0, oldest);
    const events = await this.#log.after(from, PAGE);
    for (const event of events) this.#tell(event);
    this.#readTo = events.at(-1)?.number ?? from;
  }

  #tell({ kind, at, item_uid: uid, detail }: NumberedEvent): void {
    if (kind === 'queue_cleared') for (const each of this.#queued) this.#departs(each, 'removed', at);
    if (uid === undefined) return;
    switch (kind) {
      case 'item_added':
        return this.#arrives(uid, { submitted_at: at });
      case 'item_removed':
        return this.#departs(uid, 'removed', at);
      case 'item_replaced':
        return this.#replaced(uid, String(detail?.['by']), at);
      case 'item_started':
        return this.#starts(uid, at);
      case 'item_put_back':
        if (detail?.['immediate'] === true) return this.#departs(uid, 'removed', at);
        return this.#arrives(uid, { ...this.#stories.get(uid), state: 'queued', started_at: null });
      case 'item_finished':
        return this.#ends(uid, detail?.['exit_status'] as ItemState, detail?.['requeued_as'], at);
      case 'instruction_done':
        return this.#ends(uid, 'completed', detail?.['requeued_as'], at);
      default:
        return;
    }
  }

  #arrives(uid: string, story: Partial<ItemStory>): void {
    this.#stories.set(uid, { ...UNTOLD, ...story });
    this.#queued.add(uid);
    this.#departed.delete(uid);
  }

  #starts(uid: string, at: number): void {
    // One that never stood in the queue begins to be known now.
    const story = this.#stories.get(uid) ?? { ...UNTOLD, submitted_at: at };
    this.#stories.set(uid, { ...story, state: 'running', started_at: at });
    this.#queued.delete(uid);
  }

  #replaced(uid: string, by: string, at: number): void {
    if (by === uid) return;
    this.#departs(uid, 'removed', at, { replaced_by: by });
    this.#arrives(by, { submitted_at: at });
  }

  #ends(uid: string, state: ItemState, copy: unknown, at: number): void {
    const requeued_as = typeof copy === 'string' ? copy : null;
    this.#departs(uid, state, at, { requeued_as });
    if (requeued_as !== null) this.#arrives(requeued_as, { submitted_at: at, copy_of: uid });
  }

  #departs(uid: string, state: ItemState, at: number, more: Partial<ItemStory> = {}): void {
    this.#stories.set(uid, { ...(this.#stories.get(uid) ?? UNTOLD), state, ended_at: at, ...more });
    this.#queued.delete(uid);
    this.#departed.add(uid);
    if (this.#departed.size <= this.#limit) return;
    const [oldest] = this.#departed;
    this.#departed.delete(oldest as string); // there is one: the set is larger than its limit
    this.#stories.delete(oldest as string);
  }
}

const UNTOLD: ItemStory = {
  state: 'queued',
  submitted_at: null,
  started_at: null,
  ended_at: null,
  requeued_as: null,
  copy_of: null,
  replaced_by: null,
};

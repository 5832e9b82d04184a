import type { ItemResult, QueueItem } from '../protocol/item.ts';
import { historyGet } from '../protocol/methods/history.ts';
import type { ItemState, ItemStatus } from '../protocol/methods/items.ts';
import { queueGet } from '../protocol/methods/queue.ts';
import type { ManagerClient } from './manager-client.ts';

interface Queue {
  readonly items?: readonly QueueItem[];
  readonly running_item?: Partial<QueueItem>;
}
type Found = Pick<ItemStatus, 'state' | 'position' | 'item' | 'started_at' | 'ended_at' | 'run_uids' | 'result'>;

/**
 * Items of a manager that tells no status of one: found in its queue and its history, which are kept as long as they do not
 * change, each indexed once. What was removed without having run is not known.
 */
export class DerivedItems {
  readonly #manager: Pick<ManagerClient, 'read'>;
  readonly #indexes = new WeakMap<Buffer, ReadonlyMap<string, Found>>();

  constructor(manager: Pick<ManagerClient, 'read'>) {
    this.#manager = manager;
  }

  /** null for one that is in neither. */
  async status(uid: string): Promise<ItemStatus | null> {
    // In this order: an item that ends meanwhile is found in the one that is read later.
    const queue = await this.#manager.read(queueGet, '{}');
    const queued = this.#index(queue, inQueue).get(uid);
    const found = queued ?? this.#index(await this.#manager.read(historyGet, '{}'), inHistory).get(uid);
    return found ? { item_uid: uid, ...UNKNOWN, ...found } : null;
  }

  #index(reply: Buffer, read: (reply: Queue) => Iterable<[string, Found]>): ReadonlyMap<string, Found> {
    const known = this.#indexes.get(reply);
    if (known) return known;
    const index = new Map(read(JSON.parse(reply.toString()) as Queue));
    this.#indexes.set(reply, index);
    return index;
  }
}

const UNKNOWN = { submitted_at: null, requeued_as: null, copy_of: null, replaced_by: null, last_event: 0 };
const NOT_RUN = { position: null, started_at: null, ended_at: null, run_uids: [], result: null };

function* inQueue({ items = [], running_item: running }: Queue): Generator<[string, Found]> {
  for (const [position, item] of items.entries()) {
    yield [item.item_uid, { ...NOT_RUN, state: 'queued', position, item }];
  }
  if (running?.item_uid === undefined) return;
  const started = running.properties?.['time_start'];
  const started_at = typeof started === 'number' ? started : null;
  yield [running.item_uid, { ...NOT_RUN, state: 'running', item: running as QueueItem, started_at }];
}

function* inHistory({ items = [] }: Queue): Generator<[string, Found]> {
  for (const item of items) yield [item.item_uid, { ...NOT_RUN, ...ended(item.result), item }];
}

function ended(result: ItemResult | undefined): Omit<Found, 'item' | 'position'> {
  if (result === undefined) return { ...NOT_RUN, state: 'unknown' };
  const { time_start: started_at, time_stop: ended_at, run_uids, exit_status } = result;
  return { state: exit_status as ItemState, started_at, ended_at, run_uids, result };
}

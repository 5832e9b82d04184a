import { CodedError } from '../../src/protocol/error-codes.ts';
import type { ItemResult } from '../../src/protocol/item.ts';
import { BatchRefused } from '../../src/manager/queue/queue-interface.ts';
import type { FinishCause, ItemText, PlanQueue } from '../../src/manager/queue/queue-interface.ts';
import type { Args, Json } from './plan-queue-replay.ts';

type Operation = (queue: PlanQueue, args: Args) => Json | Promise<Json>;

/** The original's methods, by the recording's names, done on our queue and answered in the original's shapes. */
export const operations: Readonly<Record<string, Operation>> = {
  add_item_to_queue: async (queue, { item, ...place }) => pair(await queue.add(newItem(item), place)),
  add_batch_to_queue: (queue, { items, ...place }) => addBatch(queue, items as Json[], place),
  replace_item: async (queue, { item, item_uid }) => pair(await queue.replace(newItem(item), item_uid as string)),
  get_item: (queue, args) => parsed(queue.get(args)),
  pop_item_from_queue: async (queue, args) => pair(await queue.remove(args)),
  pop_item_from_queue_batch: async (queue, args) => batch(await queue.removeBatch({ uids: null, ...args })),
  move_item: async (queue, args) => pair(await queue.move(args)),
  move_batch: async (queue, args) => batch(await queue.moveBatch({ uids: null, ...args })),
  clear_queue: async (queue) => nothing(await queue.clear()),
  get_queue: (queue) => [JSON.parse(queue.queueText())] as Json,
  get_queue_full: (queue) => [JSON.parse(queue.queueText()), parsed(queue.running)] as Json,
  get_history: (queue) => [JSON.parse(queue.historyText())] as Json,
  get_running_item_info: (queue) => parsed(queue.running),
  is_item_running: (queue) => queue.running !== null,
  clear_history: async (queue) => nothing(await queue.clearHistory({})),
  trim_history: async (queue, { new_size, item_uid }) =>
    nothing(await queue.clearHistory({ size: new_size, item_uid })),
  set_plan_queue_mode: async (queue, { plan_queue_mode }) => nothing(await queue.setMode(plan_queue_mode as 'default')),
  process_next_item: (queue, { item }) => processNext(queue, item),
  set_next_item_as_running: (queue, { item }) => takeNext(queue, item),
  set_processed_item_as_completed: (queue, args) => finish(queue, args, 'plan'),
  set_processed_item_as_stopped: (queue, args) => finish(queue, args, 'environment'),
  user_group_permissions_retrieve: (queue) => JSON.parse(queue.kept('permissions') ?? 'null') as Json,
  user_group_permissions_save: (queue, args) => keep(queue, 'permissions', args['user_group_permissions']),
  user_group_permissions_clear: (queue) => keep(queue, 'permissions'),
  lock_info_retrieve: (queue) => JSON.parse(queue.kept('lock') ?? 'null') as Json,
  lock_info_save: (queue, { lock_info }) => keep(queue, 'lock', lock_info),
  lock_info_clear: (queue) => keep(queue, 'lock'),
  stop_pending_retrieve: (queue) => JSON.parse(queue.kept('stop_pending') ?? 'null') as Json,
  stop_pending_save: (queue, { stop_pending }) => keep(queue, 'stop_pending', stop_pending),
  stop_pending_clear: (queue) => keep(queue, 'stop_pending'),
  autostart_mode_retrieve: (queue) => ({ enabled: queue.isAutostartEnabled }),
  autostart_mode_save: async (queue, { lock_info }) =>
    nothing(await queue.setAutostart((lock_info as { enabled: boolean }).enabled)),
  autostart_mode_clear: async (queue) => nothing(await queue.setAutostart(false)),
};

/** As the control socket makes it: an item that comes without a UID gets one, behind its other members. */
function newItem(item: Json | undefined): ItemText {
  const members = { item_uid: undefined, ...(item as Args) };
  const uid = (members.item_uid as string | undefined) ?? crypto.randomUUID();
  return { uid, text: JSON.stringify({ ...(item as Args), item_uid: uid }) };
}

async function addBatch(queue: PlanQueue, items: Json[], place: Args): Promise<Json> {
  try {
    const added = await queue.addBatch(items.map(newItem), place);
    const results = added.items.map(() => ({ success: true, msg: '' }));
    return [added.items.map(parsed), results, added.qsize, true];
  } catch (error) {
    if (!(error instanceof BatchRefused)) throw error;
    return [items, error.results.map((result) => ({ ...result })), queue.size, false];
  }
}

async function processNext(queue: PlanQueue, once: Json | undefined): Promise<Json> {
  if (isThere(once)) {
    const item = newItem(once);
    return typeOf(item) === 'plan' ? takeNext(queue, JSON.parse(item.text) as Json) : parsed(item);
  }
  if (typeOf(queue.get({ pos: 'front' })) === 'plan') return takeNext(queue);
  return parsed(await queue.takeInstruction());
}

async function takeNext(queue: PlanQueue, once?: Json): Promise<Json> {
  try {
    return parsed(await queue.takeNext(1000.5, isThere(once) ? newItem(once) : undefined));
  } catch (error) {
    if (error instanceof CodedError && error.code === 'ITEM_ALREADY_RUNNING') return {};
    throw error;
  }
}

interface Finished extends Pick<ItemResult, 'exit_status' | 'run_uids' | 'scan_ids'> {
  err_msg: string;
  err_tb: string;
}

async function finish(queue: PlanQueue, args: Args, cause: FinishCause): Promise<Json> {
  const { exit_status, run_uids, scan_ids, err_msg, err_tb } = args as unknown as Finished; // As recorded.
  const result = {
    exit_status,
    run_uids,
    scan_ids,
    time_start: 1000.5,
    time_stop: 1001,
    msg: err_msg,
    traceback: err_tb,
  };
  return parsed(await queue.finish(result, null, cause));
}

const keep = async (queue: PlanQueue, name: 'lock' | 'permissions' | 'stop_pending', value?: Json): Promise<Json> =>
  nothing(await queue.keep(name, { text: value === undefined ? null : JSON.stringify(value), events: [] }));

const isThere = (item: Json | undefined): item is Args => item !== undefined && item !== null;
const typeOf = (item: ItemText): unknown => (JSON.parse(item.text) as Args)['item_type'];
const parsed = (item: ItemText | null): Json => (item ? (JSON.parse(item.text) as Json) : {});
const pair = ({ item, qsize }: { item: ItemText; qsize: number }): Json => [parsed(item), qsize];
const batch = ({ items, qsize }: { items: ItemText[]; qsize: number }): Json => [items.map(parsed), qsize];
const nothing = (_done: void): null => null;

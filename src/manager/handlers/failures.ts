import type { MethodName } from '../../protocol/methods/index.ts';
import { RawText } from '../control/reply.ts';
import type { ReplyFields } from '../control/reply.ts';

/** How a method says no: what stands before the reason, and the members that go with it, as the original has them. */
export interface Failure {
  readonly prefix: string;
  readonly fields: ReplyFields;
}

const error = (fields: ReplyFields = {}): Failure => ({ prefix: 'Error: ', fields });
const plain = (fields: ReplyFields): Failure => ({ prefix: '', fields });
const failedTo = (what: string, fields: ReplyFields): Failure => ({ prefix: `Failed to ${what}: `, fields });
const NONE = new RawText('{}');
const EMPTY = new RawText('[]');

/** The number of items that a refused batch shows is the queue's. */
export const failures = (queue: { readonly size: number }): Readonly<Record<MethodName, Failure>> => ({
  ping: plain({}),
  status: plain({}),
  config_get: plain({ config: NONE }),
  manager_stop: error(),
  manager_kill: error(),
  manager_test: error(),

  events_get: error({ events: EMPTY }),
  item_status: error(),

  queue_get: error({ items: EMPTY, running_item: NONE, plan_queue_uid: '' }),
  queue_item_add: failedTo('add an item', { qsize: null, item: null }),
  queue_item_add_batch: {
    prefix: 'Failed to add an item: ',
    get fields() {
      return { qsize: queue.size, items: EMPTY, results: EMPTY };
    },
  },
  queue_item_update: failedTo('add an item', { qsize: 0, item: null }),
  queue_item_get: failedTo('get an item', { item: NONE }),
  queue_item_remove: failedTo('remove an item', { item: NONE, qsize: null }),
  queue_item_remove_batch: failedTo('remove a batch of items', { items: EMPTY, qsize: null }),
  queue_item_move: failedTo('move the item', { item: NONE, qsize: null }),
  queue_item_move_batch: failedTo('move the batch of items', { qsize: null, items: EMPTY }),
  queue_item_execute: failedTo('start execution of the item', { qsize: null, item: null }),
  queue_clear: error(),
  queue_mode_set: failedTo('set queue mode', {}),
  queue_autostart: error(),
  queue_start: error(),
  queue_stop: error(),
  queue_stop_cancel: error(),

  history_get: error({ items: EMPTY, plan_history_uid: '' }),
  history_clear: error(),

  environment_open: error(),
  environment_close: error(),
  environment_destroy: error(),
  environment_update: error({ task_uid: null }),
  kernel_interrupt: error(),

  re_pause: error(),
  re_resume: error(),
  re_stop: error(),
  re_abort: error(),
  re_halt: error(),
  emergency_stop: error(),
  re_runs: error({ run_list: EMPTY, run_list_uid: '' }),
  re_metadata: error({ re_metadata: NONE }),

  plans_allowed: plain({ plans_allowed: NONE, plans_allowed_uid: null }),
  plans_existing: plain({ plans_existing: NONE, plans_existing_uid: null }),
  devices_allowed: plain({ devices_allowed: NONE, devices_allowed_uid: null }),
  devices_existing: plain({ devices_existing: NONE, devices_existing_uid: null }),
  permissions_get: error({ user_group_permissions: NONE }),
  permissions_set: error(),
  permissions_reload: error(),
  permissions_preview: error({ plans: NONE, devices: NONE }),
  permissions_validate: error({ user_groups: EMPTY, problems: EMPTY }),

  function_execute: error({ item: null, task_uid: null }),
  script_upload: error({ task_uid: null }),
  task_status: error({ task_uid: null, status: null }),
  task_result: error({ task_uid: null, status: null, result: null }),

  lock: error({ lock_info: NONE, lock_info_uid: null }),
  lock_info: error({ lock_info: NONE, lock_info_uid: null }),
  unlock: error({ lock_info: NONE, lock_info_uid: null }),
});

import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What an event of the manager's numbered log tells, and what its `detail` then holds. */
const KINDS = {
  item_added: {},
  item_moved: {},
  item_removed: {},
  item_replaced: { by: Type.String({ description: 'UID of the item that stands there now' }) },
  item_started: { immediate: Type.Boolean() },
  item_paused: {},
  item_resumed: {},
  item_put_back: {
    immediate: Type.Optional(Type.Boolean({ description: 'it never stood in the queue, and is gone' })),
  },
  item_finished: { exit_status: Type.String(), requeued_as: Type.Optional(Type.String()) },
  instruction_done: { requeued_as: Type.Optional(Type.String()) },
  queue_started: { reason: Type.String() },
  queue_finished: { reason: Type.String(), items_left: Type.Integer() },
  queue_cleared: { items: Type.Integer() },
  history_cleared: { items: Type.Integer() },
  mode_changed: { loop: Type.Boolean(), ignore_failures: Type.Boolean() },
  autostart_changed: { enabled: Type.Boolean() },
  stop_pending_changed: { enabled: Type.Boolean() },
  environment_opening: {},
  environment_opened: {},
  environment_failed: {},
  environment_closing: {},
  environment_closed: {},
  environment_destroying: {},
  environment_destroyed: {},
  environment_lost: { reason: Type.String() },
  lists_changed: {},
  task_finished: { task_uid: Type.String(), success: Type.Boolean() },
  lock_changed: { environment: Type.Unknown(), queue: Type.Unknown(), user: Type.Unknown() },
  permissions_changed: {},
  emergency_stop: { user: Type.Optional(Type.String()) },
} as const;
export type EventKind = keyof typeof KINDS;

/**
 * One event of the log: `{"number": 7, "at": 1700000000.5, "kind": "item_finished", "item_uid": "…", "detail":
 * {"exit_status": "completed"}}`. Numbers rise by one, across starts of the manager too.
 */
export const ManagerEvent = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  at: Type.Number({ description: 'seconds since 1970' }),
  kind: Type.Unsafe<EventKind>(Type.String({ enum: Object.keys(KINDS) })),
  item_uid: Type.Optional(Type.String()),
  detail: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'names and numbers, never arguments of a plan' }),
  ),
});
export interface ManagerEvent extends Static<typeof ManagerEvent> {}

/** What one answer holds at most, and how long one request may wait: a longer wait is another request. */
export const MOST_EVENTS = 1000;
export const LONGEST_WAIT_S = 60;

/** After these an item is not where it was: whoever waits for its end looks again. */
export const ENDING_KINDS: ReadonlySet<EventKind> = new Set([
  'item_removed',
  'item_replaced',
  'item_put_back',
  'item_finished',
  'instruction_done',
  'queue_cleared',
]);

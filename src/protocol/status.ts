import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { EnvironmentState, ManagerState, RunEngineState } from './states.ts';
import { Uid } from './item.ts';

/** Which bluesky-queueserver is spoken, word for word: clients read it in `msg` of the status. */
export const SPOKEN_VERSION = '0.0.25';

/** The whole reply to `status`, the same object in `QS_Info` frames. Key order is the original's. */
export const ManagerStatus = Type.Object({
  msg: Type.String({ description: 'name and version of the manager' }),
  time: Type.String({ description: 'local time of the manager, ISO 8601' }),
  items_in_queue: Type.Integer(),
  items_in_history: Type.Integer(),
  running_item_uid: Type.Union([Type.String(), Type.Null()]),
  manager_state: Type.Unsafe<ManagerState>(Type.String()),
  queue_stop_pending: Type.Boolean(),
  queue_autostart_enabled: Type.Boolean(),
  worker_environment_exists: Type.Boolean(),
  worker_environment_state: Type.Unsafe<EnvironmentState>(Type.String()),
  worker_background_tasks: Type.Integer(),
  re_state: Type.Unsafe<RunEngineState | null>(Type.Union([Type.String(), Type.Null()])),
  ip_kernel_state: Type.Union([Type.String(), Type.Null()]),
  ip_kernel_captured: Type.Union([Type.Boolean(), Type.Null()]),
  pause_pending: Type.Boolean(),
  status_uid: Uid,
  run_list_uid: Uid,
  plan_queue_uid: Uid,
  plan_history_uid: Uid,
  devices_existing_uid: Uid,
  plans_existing_uid: Uid,
  devices_allowed_uid: Uid,
  plans_allowed_uid: Uid,
  plan_queue_mode: Type.Object({ loop: Type.Boolean(), ignore_failures: Type.Boolean() }),
  task_results_uid: Uid,
  lock_info_uid: Uid,
  lock: Type.Object({ environment: Type.Boolean(), queue: Type.Boolean() }),
  // The original has neither.
  queue_finished: Type.Optional(
    Type.Boolean({
      description: 'no queue is under way, between two items or paused included, and none will start by itself',
    }),
  ),
  store_trouble: Type.Optional(
    Type.String({ description: 'why nothing can be written to the store now; absent while it can' }),
  ),
});
export interface ManagerStatus extends Static<typeof ManagerStatus> {}

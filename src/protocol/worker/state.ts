import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { EnvironmentState, RunEngineState } from '../states.ts';

/** One run of the running plan, in the order of opening, as `re_runs` shows it. */
export const OpenRun = Type.Object({
  uid: Type.String(),
  scan_id: Type.Union([Type.Integer(), Type.Null()]),
  is_open: Type.Boolean(),
  exit_status: Type.Union([Type.String(), Type.Null()]),
});
export interface OpenRun extends Static<typeof OpenRun> {}

/** What the worker is doing, whole. The manager derives `status` from the latest one. */
export const WorkerState = Type.Object({
  environment_state: Type.Unsafe<EnvironmentState>(Type.String()),
  re_state: Type.Unsafe<RunEngineState | null>(Type.Union([Type.String(), Type.Null()])),
  /** A deferred pause waits for its checkpoint. */
  pause_pending: Type.Boolean(),
  /** The item that runs or is paused; `null` between two items. */
  running_item_uid: Type.Union([Type.String(), Type.Null()]),
  runs: Type.Array(OpenRun),
  background_tasks: Type.Integer(),
  /** UIDs of tasks under way, foreground first. */
  running_task_uids: Type.Array(Type.String()),
});
export interface WorkerState extends Static<typeof WorkerState> {}

import { SPOKEN_VERSION } from '../../protocol/status.ts';
import type { ManagerStatus } from '../../protocol/status.ts';
import type { ManagerLock } from '../lock/manager-lock.ts';
import type { StopPending } from '../execution/stop-pending.ts';
import type { PlanQueue } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';
import type { ManagerState } from '../state.ts';
import type { TaskResults } from '../tasks/task-results.ts';

export interface StatusSources {
  readonly queue: PlanQueue;
  readonly state: ManagerState;
  readonly stopPending: Pick<StopPending, 'isQueueRunning'>;
  readonly resources: Pick<Resources, 'uids'>;
  readonly lock: Pick<ManagerLock, 'uid' | 'locked'>;
  readonly tasks: Pick<TaskResults, 'uid'>;
}

/** Every field of `status` but its time. Without IPython the kernel's fields say what the original says without it. */
export function statusFields(sources: StatusSources): Omit<ManagerStatus, 'time'> {
  const { queue, state, stopPending, resources, lock, tasks } = sources;
  const { worker } = state;
  return {
    msg: greeting(sources),
    items_in_queue: queue.size,
    items_in_history: queue.historySize,
    running_item_uid: queue.running?.uid ?? null,
    manager_state: state.machine.state,
    queue_stop_pending: state.isStopPending,
    queue_autostart_enabled: queue.isAutostartEnabled,
    worker_environment_exists: state.hasEnvironment,
    worker_environment_state: worker?.environment_state ?? 'closed',
    worker_background_tasks: worker?.background_tasks ?? 0,
    re_state: worker?.re_state ?? null,
    ip_kernel_state: worker ? 'disabled' : null,
    ip_kernel_captured: worker ? true : null,
    pause_pending: state.isPausePending,
    status_uid: crypto.randomUUID(),
    run_list_uid: state.runListUid,
    plan_queue_uid: queue.queueUid,
    plan_history_uid: queue.historyUid,
    ...resources.uids,
    plan_queue_mode: queue.mode,
    task_results_uid: tasks.uid,
    lock_info_uid: lock.uid,
    lock: lock.locked,
    queue_finished: !stopPending.isQueueRunning && !(queue.isAutostartEnabled && queue.size > 0),
    ...(queue.trouble && { store_trouble: queue.trouble.message }),
  };
}

/** A person reads this line, so it is where a worker that hangs is told, and a store that cannot be written. */
function greeting({ state, queue }: StatusSources): string {
  const silence = state.isWorkerSilent ? ': the worker does not answer' : '';
  const trouble = queue.trouble ? `: ${queue.trouble.message}` : '';
  return `RE Manager v${SPOKEN_VERSION}${silence}${trouble}`;
}

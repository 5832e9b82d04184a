import type { Autostart } from '../execution/autostart.ts';
import type { QueueRun } from '../execution/queue-run.ts';
import type { StopPending } from '../execution/stop-pending.ts';
import type { Log } from '../log.ts';
import type { PlanQueue } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';
import type { ManagerState } from '../state.ts';

/** What requests about the queue need. */
export interface QueueParts {
  readonly queue: PlanQueue;
  readonly state: ManagerState;
  readonly resources: Pick<Resources, 'permissions'>;
  readonly run: QueueRun;
  readonly stopPending: StopPending;
  readonly autostart: Autostart;
  readonly log: Log;
}

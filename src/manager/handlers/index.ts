import type { AnyMethod } from '../../protocol/methods/index.ts';
import type { EventLog } from '../events/event-log.ts';
import type { EventWaiters } from '../events/event-waiters.ts';
import type { ItemStatusParts } from '../events/item-status.ts';
import type { EmergencyStop } from '../execution/emergency-stop.ts';
import type { EnvironmentControl } from '../execution/environment-control.ts';
import type { RunControl } from '../execution/run-control.ts';
import type { ManagerLock } from '../lock/manager-lock.ts';
import type { Resources } from '../resources/resources.ts';
import type { StatusText } from '../status/status-text.ts';
import type { TaskResults } from '../tasks/task-results.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import { environmentHandlers } from './environment.ts';
import { eventHandlers } from './events.ts';
import type { Handler, HandlerTable } from './handlers-of.ts';
import { historyHandlers } from './history.ts';
import { itemHandlers } from './items.ts';
import { lockHandlers } from './lock.ts';
import { queueHandlers } from './queue.ts';
import type { QueueParts } from './queue-parts.ts';
import { resourceHandlers } from './resources.ts';
import { runEngineHandlers } from './run-engine.ts';
import { serverHandlers } from './server.ts';
import { taskHandlers } from './tasks.ts';

export interface Parts extends QueueParts, Omit<ItemStatusParts, 'queue'> {
  readonly events: EventLog;
  readonly waiters: EventWaiters;
  readonly emergency: EmergencyStop;
  readonly resources: Resources;
  readonly environment: EnvironmentControl;
  readonly control: RunControl;
  readonly link: WorkerLink;
  readonly lock: ManagerLock;
  readonly status: StatusText;
  readonly tasks: TaskResults;
  readonly taskRunner: TaskRunner;
  readonly stop: () => void;
  readonly die: () => void;
}

/** One handler for each method that the protocol declares: one that is missing here is a compile error. */
export function allHandlers(parts: Parts): HandlerTable {
  const handlers: { readonly [M in AnyMethod as M['name']]: Handler<M> } = {
    ...serverHandlers(parts),
    ...queueHandlers(parts),
    ...historyHandlers(parts),
    ...itemHandlers(parts),
    ...eventHandlers(parts),
    ...environmentHandlers(parts),
    ...runEngineHandlers(parts),
    ...resourceHandlers(parts),
    ...taskHandlers(parts),
    ...lockHandlers(parts),
  };
  return handlers;
}

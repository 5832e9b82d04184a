import type { PlanQueue } from '../queue/queue-interface.ts';
import type { Log } from '../log.ts';
import type { ManagerState } from '../state.ts';
import type { QueueRun } from './queue-run.ts';

interface AutostartParts {
  readonly queue: Pick<PlanQueue, 'isAutostartEnabled' | 'size'>;
  readonly state: ManagerState;
  readonly run: Pick<QueueRun, 'start' | 'isHeld'>;
  readonly log: Log;
}

/**
 * Starts the queue whenever it may start and has something to run. It is told of everything after which that can be so:
 * an item that was added, an environment that opened, a task or plan that ended, the switch itself.
 */
export class Autostart {
  readonly #parts: AutostartParts;
  #isLooking = false;

  constructor(parts: AutostartParts) {
    this.#parts = parts;
  }

  /** Looks once in this turn of the event loop, after everything that belongs to the change has happened. */
  look(): void {
    if (this.#isLooking || !this.#parts.queue.isAutostartEnabled) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      const { queue, state, run, log } = this.#parts;
      const mayStart =
        state.machine.is('idle') && !run.isHeld && state.hasEnvironment && state.worker?.re_state != null;
      if (!mayStart || !queue.isAutostartEnabled || queue.size === 0) return;
      run.start().catch((error: Error) => log.debug(`Autostart: failed to start a plan: ${error.message}`));
    });
  }
}

import { CodedError } from '../../protocol/error-codes.ts';
import type { emergencyStop } from '../../protocol/methods/run-engine.ts';
import type { ResultOf } from '../../protocol/methods/define-method.ts';
import type { Log } from '../log.ts';
import type { PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import type { EnvironmentControl } from './environment-control.ts';
import type { QueueRun } from './queue-run.ts';

interface EmergencyParts {
  readonly queue: Pick<PlanQueue, 'isAutostartEnabled' | 'setAutostart' | 'running' | 'record'>;
  readonly state: ManagerState;
  readonly link: Pick<WorkerLink, 'isGreeted' | 'untilGreeted' | 'request' | 'hasWorkerProcess'>;
  readonly run: Pick<QueueRun, 'hold' | 'allow' | 'atRest'>;
  readonly environment: Pick<EnvironmentControl, 'kill'>;
  readonly log: Log;
}

type Outcome = ResultOf<typeof emergencyStop>;

/** A queue that comes to rest may wait for its store; who stops in an emergency does not. */
const STORE_MS = 1000;
/** A worker that has not brought its plan down by then is killed. */
const WORKER_MS = 2000;

/**
 * Stops everything, from any state. Each part is tried whatever becomes of the others, and what was done, or failed,
 * is told in a sentence.
 *
 * First the queue is held: no next item is taken, and nothing starts by itself until a person starts it again. Then,
 * beside each other, autostart goes off and the worker brings its plan down and stops what moves. A worker that does not
 * is killed; what it leaves moving, the next worker finds in its journal and stops before it does anything else.
 */
export class EmergencyStop {
  readonly #parts: EmergencyParts;

  constructor(parts: EmergencyParts) {
    this.#parts = parts;
  }

  async stop(user: string | null): Promise<Outcome> {
    const { queue, run, log } = this.#parts;
    const actions: string[] = [];
    const by = user === null ? '' : ` by ${user}`;
    log.warning(`EMERGENCY STOP${by}`);
    const item = queue.running;
    run.hold();
    try {
      const [autostart_disabled, worker] = await Promise.all([this.#autostartOff(actions), this.#stopWorker(actions)]);
      await settledSoon(run.atRest());
      const event = { kind: 'emergency_stop', ...(user === null ? {} : { detail: { user } }) } as const;
      await queue.record(event).catch((error: Error) => actions.push(`The log did not take it: ${error.message}`));
      for (const action of actions) log.warning(action);
      return { item_uid: item?.uid ?? null, ...worker, autostart_disabled, actions };
    } finally {
      run.allow();
    }
  }

  async #autostartOff(actions: string[]): Promise<boolean> {
    const { queue } = this.#parts;
    if (!queue.isAutostartEnabled) return false;
    try {
      await queue.setAutostart(false);
      actions.push('Autostart was switched off.');
      return true;
    } catch (error) {
      actions.push(`Autostart could not be switched off on disk: ${(error as Error).message}`);
      return false;
    }
  }

  async #stopWorker(actions: string[]): Promise<Pick<Outcome, 'halted' | 'worker_killed'>> {
    const { link, state, environment } = this.#parts;
    const isThere = link.isGreeted || link.hasWorkerProcess || state.machine.is('initializing');
    if (!isThere) {
      actions.push('No worker process is there: nothing runs that could be halted.');
      return { halted: true, worker_killed: false };
    }
    if (await this.#halted(performance.now() + WORKER_MS, actions)) return { halted: true, worker_killed: false };
    if (!link.hasWorkerProcess) {
      actions.push('The worker process is gone.');
      return { halted: true, worker_killed: false };
    }
    const isGone = await environment.kill('The worker was killed by an emergency stop, which it did not answer');
    actions.push(
      isGone
        ? 'The worker process was killed: the next one stops what it left moving.'
        : 'The worker process was killed, but the system has not ended it yet.',
    );
    return { halted: isGone, worker_killed: true };
  }

  /** True when the worker says that its plan is down and what moved was told to stop. */
  async #halted(deadline: number, actions: string[]): Promise<boolean> {
    const { link, state } = this.#parts;
    const leftMs = (): number => Math.max(1, deadline - performance.now());
    try {
      if (!link.isGreeted) await link.untilGreeted(leftMs());
      // Within its answer's second a device may not have come to rest: until the time is over it is asked again.
      while (!(await link.request('emergency_halt', {}, leftMs())).halted) {
        if (performance.now() >= deadline) {
          actions.push(`The worker answers, but its plan was not down within ${WORKER_MS / 1000} s.`);
          return false;
        }
      }
      actions.push('The worker halted its plan, if one ran, and told what moved to stop.');
      if (state.machine.is('executing_task')) {
        actions.push("A task goes on: only 'environment_destroy' ends it.");
      }
      return true;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      actions.push(error.message);
      return false;
    }
  }
}

async function settledSoon(rest: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, STORE_MS);
  await Promise.race([rest, late.promise]);
  clearTimeout(timer);
}

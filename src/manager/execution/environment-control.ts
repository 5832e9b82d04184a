import { LOG_LINES } from '../../protocol/log-lines.ts';
import type { ReportOf } from '../../protocol/worker/reports.ts';
import { refusedAsIs } from '../control/refused.ts';
import type { Log } from '../log.ts';
import type { Happening, PlanQueue } from '../queue/queue-interface.ts';
import type { ManagerState } from '../state.ts';
import type { TaskResults } from '../tasks/task-results.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import type { QueueRun } from './queue-run.ts';

export interface EnvironmentParts {
  readonly queue: Pick<PlanQueue, 'record'>;
  readonly state: ManagerState;
  readonly link: WorkerLink;
  readonly run: QueueRun;
  readonly tasks: TaskResults;
  readonly log: Log;
}

/** A fresh worker process is there within this after the last one has gone. */
const FRESH_WORKER_MS = 5000;
/** A killed process is gone within milliseconds, unless the kernel holds it. */
const DEATH_MS = 10_000;

/**
 * Opens, closes and destroys the environment. A request is accepted when it is begun; how it ended is told by the worker's
 * reports, or by its death.
 */
export class EnvironmentControl {
  readonly #parts: EnvironmentParts;
  #death: PromiseWithResolvers<void> | undefined;
  /** The worker has begun to open; until then another one may do it. */
  #isOpening = false;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  open(): void {
    const { state } = this.#parts;
    const { machine } = state;
    if (state.hasEnvironment) throw refusedAsIs('RE Worker environment already exists.');
    if (machine.is('creating_environment')) {
      throw refusedAsIs('Manager is already in the process of creating the RE Worker environment.');
    }
    if (!machine.is('idle')) throw refusedAsIs(`Manager state is not idle. Current state: ${machine.state}`);
    machine.change({ from: 'idle', to: 'creating_environment', why: 'a client asked' });
    void this.#begin();
  }

  close(): void {
    const { state } = this.#parts;
    const { machine } = state;
    if (!state.hasEnvironment) throw refusedAsIs('RE Worker environment does not exist.');
    if (machine.is('closing_environment')) {
      throw refusedAsIs('Manager is already in the process of closing the RE Worker environment.');
    }
    if (machine.is('executing_queue', 'starting_queue')) throw refusedAsIs('Queue execution is in progress.');
    if (machine.is('executing_task')) throw refusedAsIs('Foreground task execution is in progress.');
    if (!machine.is('idle')) throw refusedAsIs(`Manager state is not idle. Current state: ${machine.state}`);
    machine.change({ from: 'idle', to: 'closing_environment', why: 'a client asked' });
    void this.#end();
  }

  /** Open from every state: the way out of a worker that does not answer. */
  destroy(): void {
    const { state } = this.#parts;
    if (!state.hasEnvironment && !state.machine.is('creating_environment', 'destroying_environment')) {
      throw refusedAsIs('RE environment does not exist');
    }
    void this.kill('RE Worker environment was destroyed');
  }

  /**
   * What runs in the worker fails for that reason. Resolves when its process is gone, or with false when the system does
   * not end it; what follows is filed behind that.
   */
  kill(why: string): Promise<boolean> {
    const { state, link, log } = this.#parts;
    if (this.#death) return this.#deathInTime(this.#death.promise);
    state.machine.change({ to: 'destroying_environment', why });
    this.#death = Promise.withResolvers();
    if (!link.hasWorkerProcess) this.#death.resolve();
    link.killWorker();
    const isGone = this.#deathInTime(this.#death.promise);
    this.#destroyed(isGone, why).catch((error: unknown) => log.fault(error));
    return isGone;
  }

  opened(): void {
    const { state, log } = this.#parts;
    this.#isOpening = false;
    state.environmentOpened();
    log.info('Worker started successfully.');
    log.info(LOG_LINES.environmentReady);
    if (state.machine.is('creating_environment')) state.machine.change({ to: 'idle', why: 'the environment is open' });
  }

  failed({ msg, traceback }: ReportOf<'environment_failed'>): void {
    this.#parts.log.error(`${msg}\n${traceback}`);
    this.#parts.link.spend();
    this.#gone('Error occurred while opening RE Worker environment.', 'error');
  }

  closed(): void {
    this.#parts.link.spend();
    this.#gone(LOG_LINES.environmentClosed, 'info');
  }

  /** The worker's process is gone, and nobody had asked it to go. */
  async died(pid: number): Promise<void> {
    if (this.#death) return this.#death.resolve();
    const { state, run } = this.#parts;
    if (!state.hasEnvironment && !this.#isOpening) return;
    const why = `The worker process (pid ${pid}) died`;
    await run.lost(why);
    await this.#told({ kind: 'environment_lost', detail: { reason: why } });
    this.#gone(why, 'error');
  }

  async #begin(): Promise<void> {
    const { queue, state, link, log } = this.#parts;
    try {
      await queue.record({ kind: 'environment_opening' });
      log.info('Waiting for RE worker to start ...');
      await link.untilGreeted(FRESH_WORKER_MS);
      if (!state.machine.is('creating_environment')) return;
      this.#isOpening = true;
      await link.request('environment_open', {});
    } catch (error) {
      this.#isOpening = false;
      if (!state.machine.is('creating_environment')) return;
      log.error(`Failed to start_Worker: ${(error as Error).message}`);
      state.machine.change({ from: 'creating_environment', to: 'idle', why: 'no worker took it' });
    }
  }

  async #end(): Promise<void> {
    const { queue, state, link, log } = this.#parts;
    try {
      await queue.record({ kind: 'environment_closing' });
      await link.request('environment_close', {});
    } catch (error) {
      log.error(`Environment can not be closed: ${(error as Error).message}`);
      if (state.machine.is('closing_environment')) state.machine.change({ to: 'idle', why: 'the worker refused' });
    }
  }

  async #deathInTime(death: Promise<void>): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const timer = setTimeout(() => late.resolve(false), DEATH_MS);
    const isGone = await Promise.race([death.then(() => true), late.promise]);
    clearTimeout(timer);
    return isGone;
  }

  async #destroyed(gone: Promise<boolean>, why: string): Promise<void> {
    const { state, run, log } = this.#parts;
    void this.#told({ kind: 'environment_destroying' });
    const isGone = await gone;
    this.#death = undefined;
    this.#isOpening = false;
    if (!isGone) log.error('Failed to properly destroy RE Worker environment.');
    await run.lost(why);
    await this.#told({ kind: 'environment_destroyed' });
    this.#parts.tasks.failRunning(why);
    state.environmentGone();
    log.info('RE Worker environment is destroyed');
    state.machine.change({ from: 'destroying_environment', to: 'idle', why: 'its worker is gone' });
  }

  /** A worker that is gone is gone, whether the store takes it or not. */
  async #told(event: Happening): Promise<void> {
    await this.#parts.queue.record(event, { waits: true }).catch((error: unknown) => this.#parts.log.fault(error));
  }

  #gone(why: string, level: 'info' | 'error'): void {
    const { state, tasks, log } = this.#parts;
    this.#isOpening = false;
    tasks.failRunning(why);
    state.environmentGone();
    log[level](why);
    if (state.machine.is('creating_environment', 'closing_environment', 'executing_task')) {
      state.machine.change({ to: 'idle', why });
    }
  }
}

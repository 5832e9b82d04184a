import type { NumberedReport, WorkerReport } from '../../protocol/worker/reports.ts';
import type { WorkerState } from '../../protocol/worker/state.ts';
import type { Log } from '../log.ts';
import type { Happening, PlanQueue, ReportCursor } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';
import type { ManagerState } from '../state.ts';
import type { TaskResults } from '../tasks/task-results.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Greeting, WorkerLink } from '../worker-link/worker-link.ts';
import type { EnvironmentControl } from './environment-control.ts';
import type { ListsKeeper } from './lists-keeper.ts';
import type { BeforeGreeting, QueueRun } from './queue-run.ts';
import type { RunControl } from './run-control.ts';

export interface WorkerEventParts {
  readonly queue: PlanQueue;
  readonly state: ManagerState;
  readonly link: WorkerLink;
  readonly run: QueueRun;
  readonly control: RunControl;
  readonly environment: EnvironmentControl;
  readonly lists: ListsKeeper;
  readonly resources: Resources;
  readonly tasks: TaskResults;
  readonly taskRunner: TaskRunner;
  readonly log: Log;
}

/**
 * What the worker tells, dealt with in the order told: each report is stored, or what it means is done, before it is
 * acknowledged; a greeting is judged when all reports that were kept for it have been dealt with.
 */
export class WorkerEvents {
  readonly #parts: WorkerEventParts;
  #turn: Promise<void> = Promise.resolve();
  readonly #judged = Promise.withResolvers<{ isSameWorker: boolean }>();
  #next: { number: number; workerUid: string; reached: () => void } | undefined;

  constructor(parts: WorkerEventParts) {
    this.#parts = parts;
  }

  /** Resolves after the first greeting was judged: is it the worker process that the last manager had? */
  get judged(): Promise<{ isSameWorker: boolean }> {
    return this.#judged.promise;
  }

  /** Resolves when all that was told so far is dealt with. */
  get settled(): Promise<void> {
    return this.#turn;
  }

  listen(): void {
    const { link, log } = this.#parts;
    link.on('greeted', ({ greeting }) => this.#greeted(greeting));
    link.on('report', (report) => this.#reported(report));
    link.on('state', (told) => this.#told(told));
    link.on('died', ({ pid, wasSpent }) => {
      if (!wasSpent) this.#inTurn(() => this.#parts.environment.died(pid));
    });
    log.debug('Waiting for the worker');
  }

  #inTurn(act: () => Promise<void>): void {
    this.#turn = this.#turn.then(act).catch((error: unknown) => this.#parts.log.fault(error));
  }

  #told(told: WorkerState): void {
    const { state, control } = this.#parts;
    // What a worker still says after its environment closed is said of nothing.
    if (!this.#parts.link.isGreeted) return;
    state.workerTold(told);
    if (told.re_state === 'paused' && told.running_item_uid !== null) control.paused();
  }

  #reported(numbered: NumberedReport): void {
    const { number, worker_uid: workerUid, report } = numbered;
    this.#inTurn(async () => {
      await this.#deal(report, { worker_uid: workerUid, number });
      this.#parts.link.acknowledge(numbered);
      if (this.#next?.workerUid === workerUid && number >= this.#next.number) this.#next.reached();
    });
  }

  async #deal(report: WorkerReport, cursor: ReportCursor): Promise<void> {
    const { queue, environment, run, lists, tasks, taskRunner, log } = this.#parts;
    if (report.type === 'item_finished') return await run.finished(report, cursor);
    if (report.type === 'environment_opened' || report.type === 'lists_changed') {
      await lists.changed(report, cursor.worker_uid, report.type === 'environment_opened');
    }
    if (report.type === 'task_finished') {
      tasks.finished(report);
      taskRunner.ended(report.task_uid);
    }
    await queue.setCursor(cursor, happening(report));
    if (report.type === 'environment_opened') environment.opened();
    if (report.type === 'environment_failed') environment.failed(report);
    if (report.type === 'environment_closed') environment.closed();
    if (report.type === 'motion_recovered') {
      for (const pv of report.stopped)
        log.warning(`The worker stopped ${pv}, which a worker that died had left moving`);
      for (const { pv, why } of report.left)
        log.warning(`${pv}, which a worker that died had set in motion, was left as it is: ${why}`);
    }
  }

  #greeted({ worker, state: told, last_report: last }: Greeting): void {
    const { queue, state } = this.#parts;
    const { cursor } = queue;
    const marked = queue.running?.uid ?? null;
    const isSameWorker = cursor?.worker_uid === worker.uid;
    state.workerTold(told);
    this.#inTurn(() => this.#adopt(worker.uid, told));
    const stored = isSameWorker ? (cursor?.number ?? 0) : 0;
    const reached = Promise.withResolvers<void>();
    if (last > stored) {
      this.#next = { number: last, workerUid: worker.uid, reached: reached.resolve };
    } else {
      reached.resolve();
    }
    // Its kept reports join the turn one by one; the judgement joins behind the last of them.
    reached.promise
      .then(() => this.#inTurn(() => this.#judge(worker.uid, told, { isSameWorker, marked })))
      .catch(() => undefined);
  }

  /** An environment that is open already, before anything that was kept of it is dealt with. */
  async #adopt(workerUid: string, told: WorkerState): Promise<void> {
    const { state, resources, lists, log } = this.#parts;
    const isOpen = ['idle', 'executing_plan', 'executing_task'].includes(told.environment_state);
    if (!isOpen || state.hasEnvironment) return;
    const known = await lists.recall(workerUid);
    log.info('The worker has its environment open');
    if (known) resources.setExisting(known); // Else it opened a moment ago: its report is among the kept ones.
    state.environmentOpened();
  }

  async #judge(workerUid: string, told: WorkerState, before: BeforeGreeting): Promise<void> {
    const { queue, state, run } = this.#parts;
    // From here on an item that is marked as running was given to this process.
    if (queue.cursor?.worker_uid !== workerUid) await queue.setCursor({ worker_uid: workerUid, number: 0 });
    await run.resume(told, before);
    if (told.environment_state === 'executing_task' && state.machine.is('initializing')) {
      state.machine.change({ to: 'executing_task', why: 'a task outlived the last manager' });
    }
    this.#judged.resolve(before);
  }
}

/** What a report is in the log; the end of an item is told by the queue. */
function happening(report: WorkerReport): Happening[] {
  switch (report.type) {
    case 'task_finished':
      return [{ kind: report.type, detail: { task_uid: report.task_uid, success: report.success } }];
    case 'item_finished':
    case 'motion_recovered':
      return [];
    default:
      return [{ kind: report.type }];
  }
}

import { parseView } from '../../lib/raw-json.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import type { ItemResult } from '../../protocol/item.ts';
import { LOG_LINES } from '../../protocol/log-lines.ts';
import type { ReportOf } from '../../protocol/worker/reports.ts';
import type { WorkerState } from '../../protocol/worker/state.ts';
import { refusedAsIs } from '../control/refused.ts';
import type { Log } from '../log.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { printed } from '../../lib/python-text/shortened.ts';
import { isImmediate, itemType, startedAt } from '../queue/item-text.ts';
import type { ItemText, PlanQueue, ReportCursor } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import { planIn, whyNotAllowed } from './plan-in-item.ts';
import type { StopPending } from './stop-pending.ts';

export interface QueueRunParts {
  readonly queue: PlanQueue;
  readonly state: ManagerState;
  readonly link: Pick<WorkerLink, 'request'>;
  readonly stopPending: StopPending;
  readonly resources: Pick<Resources, 'permissions' | 'existing'>;
  readonly log: Log;
}

/** What the manager had on disk when a worker greeted. */
export interface BeforeGreeting {
  /** The item that is marked as running can only have been given to this process. */
  readonly isSameWorker: boolean;
  readonly marked: string | null;
}

/** Why the queue comes to rest, and whether it may start again by itself. */
interface Rest {
  readonly why: string;
  readonly autostartOff?: boolean;
}

/**
 * Takes the queue through the worker, one item after the other.
 *
 * `start` leads from `idle` to `starting_queue`; when the worker has accepted the first item it is `executing_queue`, and
 * stays so until the queue comes to rest: it is empty, a person or an instruction stops it, a plan does not end well, or
 * the worker is lost. An item leaves the queue and is marked as running in one transaction, before the worker hears of
 * it; its outcome is filed, together with the number of the report that told it, before the report is acknowledged. So
 * whenever a manager dies, the next one finds out from the worker which of these steps was the last (`resume`).
 */
export class QueueRun {
  readonly #parts: QueueRunParts;
  /** The step under way: an outcome that arrives meanwhile waits for it. */
  #step: Promise<void> = Promise.resolve();
  #runListUidBefore = '';
  /** After an emergency nothing is started by itself; while it lasts, by nobody. */
  #isHeld = false;
  #isBlocked = false;

  constructor(parts: QueueRunParts) {
    this.#parts = parts;
  }

  /** Resolves when it is under way. @throws RefusalWith the original's sentence, from any state but idle */
  async start(): Promise<void> {
    const reason = 'a client starts the queue';
    await this.#begin(reason, () => this.#parts.stopPending.setQueueRunning(true, reason));
    this.#go(() => this.#next());
  }

  /** One item that never stood in the queue. The queue itself is not started. */
  async execute(item: ItemText): Promise<void> {
    await this.#begin('a client has an item executed', () => this.#parts.stopPending.set(false));
    this.#parts.log.info('Processing the plan submitted for immediate execution ...');
    if (itemType(item) !== 'plan') return this.#go(() => this.#obey(item));
    const taken = await this.#takenAtOnce(item);
    this.#go(() => this.#hand(taken));
  }

  /** @throws RefusalWith, or the store's trouble, when no queue can be started now */
  check(): void {
    const { queue, state } = this.#parts;
    if (!state.hasEnvironment) throw refusedAsIs('RE Worker environment does not exist.');
    if (state.worker?.re_state == null) throw refusedAsIs('Run Engine is not found in the RE Worker environment.');
    if (!state.machine.is('idle')) throw refusedAsIs('RE Manager is busy.');
    if (queue.trouble) throw queue.trouble;
    if (this.#isBlocked) throw refusedAsIs('An emergency stop is under way.');
  }

  /** An emergency: no next item is taken, what is about to start is not, and nothing may be started until `allow`. */
  hold(): void {
    this.#isHeld = true;
    this.#isBlocked = true;
  }

  /** From here on a person may start the queue again. */
  allow(): void {
    this.#isBlocked = false;
  }

  /** A person wants it to start by itself again. */
  release(): void {
    if (!this.#isBlocked) this.#isHeld = false;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Resolves when the step under way is done. */
  async atRest(): Promise<void> {
    await this.#step;
  }

  /** Files the outcome that the worker reports, and goes on or comes to rest. */
  async finished(report: ReportOf<'item_finished'>, cursor: ReportCursor): Promise<void> {
    await this.#step;
    const { queue, state, log } = this.#parts;
    const { running } = queue;
    if (running?.uid !== report.item_uid) {
      log.warning(`The worker tells the end of item '${report.item_uid}', which is not the running one`);
      return await queue.setCursor(cursor);
    }
    const result = resultOf(report);
    await queue.finish(result, cursor);
    if (state.runListUid === this.#runListUidBefore) state.touchRuns();
    // It ended while no manager was there: the queue goes on as if one had been.
    if (state.machine.is('initializing'))
      state.machine.change({ to: 'executing_queue', why: 'a plan has ended meanwhile' });
    if (result.exit_status === 'failed') log.error(`${LOG_LINES.planFailed}${result.msg}`);
    this.#goOnAfter(result, isImmediate(running));
  }

  /**
   * The worker is lost, by accident or on purpose: what ran there has failed.
   * Whether it is put back, and where, the queue decides.
   */
  async lost(why: string): Promise<void> {
    await this.#step;
    const { queue } = this.#parts;
    if (queue.running) await this.#fail(why);
  }

  /**
   * What a worker that greeted does with the item that was marked as running then. All it had reported is filed.
   */
  async resume(told: WorkerState, { isSameWorker, marked }: BeforeGreeting): Promise<void> {
    await this.#step;
    const { queue, state, log } = this.#parts;
    const { running } = queue;
    if (!running) return this.#goOnBetween(isSameWorker);
    // What was filed had the queue go on: this one was taken since.
    if (running.uid !== marked) return;
    if (told.running_item_uid === running.uid) return this.#pickUp(told);
    if (!isSameWorker) {
      await this.abandon();
    } else if (isImmediate(running)) {
      await queue.finish(this.#brokenOff('failed', NEVER_STARTED), null, 'environment');
    } else {
      log.warning(`Item '${running.uid}' never reached the worker: it is put back to the front of the queue`);
      await queue.putBack();
      return this.#goOnBetween(true);
    }
    if (state.machine.is('executing_queue', 'paused')) await this.#rest({ why: STATUS_LOST, autostartOff: true });
  }

  /** No worker is there to ask. */
  async abandon(): Promise<void> {
    await this.#parts.queue.finish(this.#brokenOff('unknown', STATUS_LOST), null, 'environment');
  }

  async #begin(why: string, note: () => Promise<void>): Promise<void> {
    this.check();
    this.#isHeld = false;
    const { machine } = this.#parts.state;
    machine.change({ from: 'idle', to: 'starting_queue', why });
    try {
      await note();
    } catch (error) {
      machine.change({ from: 'starting_queue', to: 'idle', why: 'the store refused' });
      throw error;
    }
  }

  #go(step: () => Promise<void>): void {
    this.#step = step().catch(async (error: unknown) => {
      // The store refused, or a fault of ours: standing still is the one thing that harms nobody.
      this.#parts.log.fault(error);
      await this.#rest({ why: 'Queue is stopped: the next item could not be started.', autostartOff: true });
    });
  }

  #goOnAfter({ exit_status: status }: ItemResult, wasImmediate: boolean): void {
    const { queue, state } = this.#parts;
    if (!state.machine.is('executing_queue', 'paused')) return;
    if (state.machine.is('paused')) {
      state.machine.change({ from: 'paused', to: 'executing_queue', why: 'the paused plan has ended' });
    }
    const isIgnored = status === 'failed' && queue.mode.ignore_failures;
    if (status === 'completed' || status === 'unknown' || isIgnored) {
      this.#go(() => this.#next({ isStopped: wasImmediate }));
    } else {
      this.#go(() => this.#rest({ why: `The plan ended as ${status}.`, autostartOff: true }));
    }
  }

  async #next({ isStopped = false, byInstruction = false } = {}): Promise<void> {
    const { queue, state, stopPending, log } = this.#parts;
    if (this.#isHeld) return await this.#rest({ why: EMERGENCY, autostartOff: true });
    const left = queue.size;
    if (left > 0) log.info(`${LOG_LINES.nextItem}${left} plans are left in the queue.`);
    else log.info('No items are left in the queue.');
    if (stopPending.isSet || isStopped) {
      return await this.#rest({ why: 'Queue is stopped.', autostartOff: stopPending.isSet || byInstruction });
    }
    if (left === 0) return await this.#rest({ why: `${LOG_LINES.queueEmpty}.` });
    if (state.isPausePending) {
      return await this.#rest({ why: 'Queue is stopped due to unresolved outstanding RE pause request.' });
    }
    const front = queue.get({ pos: 'front' });
    if (itemType(front) === 'plan') await this.#run();
    else await this.#obey();
  }

  /** It stands nowhere else, so it is marked as running before it is acknowledged. */
  async #takenAtOnce(item: ItemText): Promise<ItemText> {
    try {
      return (await this.#parts.queue.takeNext(Date.now() / 1000, item)) as ItemText; // it gives what it is given
    } catch (error) {
      await this.#rest({ why: 'The item could not be started.' });
      throw error;
    }
  }

  async #run(): Promise<void> {
    const item = await this.#parts.queue.takeNext(Date.now() / 1000);
    if (item) await this.#hand(item);
    else await this.#rest({ why: `${LOG_LINES.queueEmpty}.` });
  }

  /** Gives the worker the item that is marked as running. */
  async #hand(item: ItemText): Promise<void> {
    const { state, link, log } = this.#parts;
    this.#runListUidBefore = state.runListUid;
    const plan = planIn(item);
    if (log.shows('info')) log.info(`${LOG_LINES.startingPlan}:\n${printed(plan)}.`);
    // Since it was added its group may have lost the plan, or the plan have got other parameters.
    const reason = whyNotAllowed(plan, this.#parts.resources);
    if (reason !== null) return await this.#notAllowed(reason);
    if (this.#isHeld) {
      await this.#parts.queue.putBack();
      return await this.#rest({ why: EMERGENCY, autostartOff: true });
    }
    try {
      await link.request('run_item', { item_uid: item.uid, item: item.text });
    } catch (error) {
      if (error instanceof CodedError && error.code === 'REFUSED') return await this.#failToStart(item, error.message);
      // It may have been started all the same: the next greeting, or the worker's death, tells.
      log.error(`The worker did not say whether it runs item '${item.uid}': ${(error as Error).message}`);
    }
    if (state.machine.is('starting_queue')) {
      state.machine.change({ from: 'starting_queue', to: 'executing_queue', why: 'the worker runs the first item' });
    }
  }

  /** `queue_stop` is the one instruction that there is. */
  async #obey(once?: ItemText): Promise<void> {
    const { queue, state, log } = this.#parts;
    const item = once ?? (await queue.takeInstruction());
    if (!item) return await this.#next();
    if (once) await queue.record({ kind: 'instruction_done', item_uid: once.uid });
    log.info(`Executing instruction:\n${printed(parseView(item.text) as PyJson)}.`);
    if (state.machine.is('starting_queue')) {
      state.machine.change({ from: 'starting_queue', to: 'executing_queue', why: 'an instruction' });
    }
    await this.#next({ isStopped: true, byInstruction: true });
  }

  /** As the original's worker says it, which judges the plan again. It is the plan that fails, not the environment. */
  async #notAllowed(reason: string): Promise<void> {
    const { queue, state, log } = this.#parts;
    const msg =
      'Plan failed: Error occurred while processing plan parameters or starting the plan: ' +
      `Validation of plan parameters failed: ${reason}`;
    log.error(`${LOG_LINES.planFailed}${msg}`);
    const wasImmediate = queue.running !== null && isImmediate(queue.running);
    const result = { ...this.#brokenOff('failed', msg), traceback: `${msg}\n` };
    await queue.finish(result, null);
    state.touchRuns();
    if (state.machine.is('starting_queue')) {
      state.machine.change({ from: 'starting_queue', to: 'executing_queue', why: 'the first item was not started' });
    }
    if (queue.mode.ignore_failures) await this.#next({ isStopped: wasImmediate });
    else await this.#rest({ why: 'The plan ended as failed.', autostartOff: true });
  }

  async #failToStart(item: ItemText, reason: string): Promise<void> {
    this.#parts.log.error(`Failed to start the plan ${printed(planIn(item))}.\nError: ${reason}`);
    await this.#fail(reason);
  }

  async #fail(why: string): Promise<void> {
    const { queue, state } = this.#parts;
    await queue.finish(this.#brokenOff('failed', why), null, 'environment');
    if (state.machine.is('starting_queue', 'executing_queue', 'paused')) await this.#rest({ why, autostartOff: true });
    else await this.#settle(why, true);
  }

  /** Of an item whose end no worker tells: what is known by now of its runs, and when it was taken. */
  #brokenOff(exit_status: string, msg: string): ItemResult {
    const { queue, state } = this.#parts;
    const now = Date.now() / 1000;
    const isTold = state.worker?.running_item_uid === queue.running?.uid;
    const runs = isTold ? state.runs : [];
    return {
      exit_status,
      run_uids: runs.map(({ uid }) => uid),
      scan_ids: runs.flatMap(({ scan_id: id }) => id ?? []),
      time_start: (queue.running && startedAt(queue.running)) ?? now,
      time_stop: now,
      msg,
      traceback: '',
    };
  }

  async #rest({ why, autostartOff = false }: Rest): Promise<void> {
    const { state, log } = this.#parts;
    log.info(why);
    await this.#settle(why, autostartOff);
    if (state.machine.is('starting_queue', 'executing_queue', 'paused')) state.machine.change({ to: 'idle', why });
  }

  /** What belongs to a queue that runs does not outlive it. */
  async #settle(why: string, autostartOff: boolean): Promise<void> {
    const { queue, state, stopPending } = this.#parts;
    if (state.isPausePending) state.setPausePending(false);
    await stopPending.setQueueRunning(false, why);
    if (autostartOff) await queue.setAutostart(false, { waits: true });
  }

  /** A manager that died between two items of a queue that ran is followed by one that takes the next. */
  #goOnBetween(isSameWorker: boolean): void {
    const { state, stopPending } = this.#parts;
    if (!isSameWorker || !stopPending.isQueueRunning || !state.hasEnvironment) return;
    if (state.machine.is('initializing')) {
      state.machine.change({ to: 'executing_queue', why: 'the queue ran when the last manager ended' });
      this.#go(() => this.#next());
    }
  }

  /** The worker has it, and will tell its outcome. */
  #pickUp(told: WorkerState): void {
    const { state } = this.#parts;
    state.setPausePending(told.pause_pending);
    this.#runListUidBefore = state.runListUid;
    if (!state.machine.is('initializing', 'idle')) return;
    if (state.machine.is('idle')) state.machine.change({ to: 'starting_queue', why: 'the worker runs an item' });
    const isPaused = told.re_state === 'paused';
    if (state.machine.is('starting_queue'))
      state.machine.change({ to: 'executing_queue', why: 'the worker runs an item' });
    if (state.machine.is('initializing')) {
      state.machine.change({ to: isPaused ? 'paused' : 'executing_queue', why: 'a plan outlived the last manager' });
    } else if (isPaused) {
      state.machine.change({ from: 'executing_queue', to: 'paused', why: 'the plan is paused' });
    }
  }
}

const NEVER_STARTED = 'The item was never started: the RE Manager process was restarted before it reached the worker';
const EMERGENCY = 'Queue is stopped by an emergency stop.';
const STATUS_LOST = 'Plan exit status was lost due to restart of the RE Manager process';

/** As the history keeps it: the report without what says whose result it is. */
function resultOf(report: ReportOf<'item_finished'>): ItemResult {
  const { exit_status, run_uids, scan_ids, time_start, time_stop, msg, traceback } = report;
  return { exit_status, run_uids, scan_ids, time_start, time_stop, msg, traceback };
}

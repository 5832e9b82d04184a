import type { ManagerSettings } from '../config/process-settings.ts';
import type { ManagerSecrets } from '../config/manager-secrets.ts';
import { Releasers } from '../lib/releasers.ts';
import { LOG_LINES } from '../protocol/log-lines.ts';
import { ControlSocket } from './control/control-socket.ts';
import { Dispatcher } from './control/dispatcher.ts';
import { openToAll } from './control/reach.ts';
import { RefusedHandshakes } from './control/refused-handshakes.ts';
import { encodings } from './control/wire-encoding.ts';
import { EventWaiters } from './events/event-waiters.ts';
import { ItemStories } from './events/item-stories.ts';
import { Autostart } from './execution/autostart.ts';
import { EmergencyStop } from './execution/emergency-stop.ts';
import { EnvironmentControl } from './execution/environment-control.ts';
import { Heartbeat } from './execution/heartbeat.ts';
import { ListsKeeper } from './execution/lists-keeper.ts';
import { QueueRun } from './execution/queue-run.ts';
import { RunControl } from './execution/run-control.ts';
import { StopPending } from './execution/stop-pending.ts';
import { WorkerEvents } from './execution/worker-events.ts';
import { failures } from './handlers/failures.ts';
import { allHandlers } from './handlers/index.ts';
import { ManagerLock } from './lock/manager-lock.ts';
import { Log } from './log.ts';
import { Publisher } from './publisher/publisher.ts';
import { StatusFeed } from './publisher/status-feed.ts';
import { openStore } from './open-store.ts';
import { openPlanQueue } from './queue/plan-queue.ts';
import type { PlanQueue } from './queue/queue-interface.ts';
import { Resources } from './resources/resources.ts';
import { ManagerState } from './state.ts';
import { statusFields } from './status/status-fields.ts';
import { StatusText } from './status/status-text.ts';
import { TaskResults } from './tasks/task-results.ts';
import { currentTrace } from './trace.ts';
import { TaskRunner } from './tasks/task-runner.ts';
import { WorkerLink } from './worker-link/worker-link.ts';

export interface ManagerAbout {
  readonly version: string;
  readonly secrets: ManagerSecrets;
  readonly print: (text: string) => void;
  /** Ends the process as a crash would: only tests ask for it. */
  readonly die: () => void;
}

/** How long a worker that may have something to tell is waited for, and one that has not. */
const WORKER_WITH_ITEM_MS = 5000;
const WORKER_MS = 1000;
/** A worker ends its plan with clean-up, closes and goes. */
const SHUTDOWN_MS = 8000;

/** The manager without its process: everything it is made of, put together, begun and ended in order. */
export class Manager {
  readonly #settings: ManagerSettings;
  readonly #about: ManagerAbout;
  readonly #ended = Promise.withResolvers<void>();
  readonly #releasers = new Releasers();
  readonly #publisher: Publisher;
  readonly log: Log;
  #parts: Assembled | undefined;

  constructor(settings: ManagerSettings, about: ManagerAbout) {
    this.#settings = settings;
    this.#about = about;
    this.#publisher = new Publisher({
      address: settings.zmq_info_addr,
      encoding: encodings[settings.zmq_encoding],
      isOn: settings.zmq_publish_console,
    });
    this.log = new Log(settings.verbosity, (line, level) => {
      this.#publisher.console(line);
      if (settings.console_output || level === 'error' || level === 'warning') about.print(line);
    });
  }

  /** Resolves when it was stopped, by a client or by `stop`. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** @throws CodedError STORE_HELD, STORE_TOO_NEW, STORE_FAILED; Error when a socket cannot be bound */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.#releasers.release().catch((failure: unknown) => this.log.fault(failure));
      throw error;
    }
  }

  /** Ends this process alone: what the worker runs goes on. */
  async stop(): Promise<void> {
    this.#parts?.queue.stopWaiting();
    await this.#parts?.events.settled;
    await this.#releasers.release();
    this.#ended.resolve();
  }

  async #start(): Promise<void> {
    const queue = await openPlanQueue(await openStore(this.#settings, this.log));
    this.#releasers.add(() => queue.close());
    await this.#publisher.bind();
    this.#releasers.add(() => this.#publisher.close());
    const parts = this.#assembled(queue);
    this.#parts = parts;
    const { link, events, heartbeat, feed, control, status, state, resources } = parts;
    await control.bind();
    this.#releasers.add(() => control.close());
    await resources.load();

    parts.stopPending.restore();
    queue.events.onAppended(() => status.changed());
    queue.onChange((change) => {
      status.changed();
      if (change === 'queue' || change === 'autostart') parts.autostart.look();
    });
    // From here on it answers, as `initializing`: a client that waits learns more than one that hears nothing.
    control.serve();
    feed.start();
    this.#releasers.add(() => feed.stop());
    events.listen();
    link.start();
    this.#releasers.add(() => link.close());
    await this.#learnFromWorker(parts);
    heartbeat.start();
    this.#releasers.add(() => heartbeat.stop());
    const why = 'nothing outlived the last manager';
    if (state.machine.is('initializing')) state.machine.change({ from: 'initializing', to: 'idle', why });
    status.changed();
    this.log.info(`${LOG_LINES.starting} '${control.address}'`);
    const { zmqPrivateKey } = this.#about.secrets;
    const warning = openToAll(this.#settings.zmq_control_addr, zmqPrivateKey);
    if (warning !== null) this.log.warning(warning);
    this.log.info(`ZMQ control channels: encryption ${zmqPrivateKey === null ? 'disabled' : 'enabled'}`);
    parts.autostart.look();
  }

  /** Did a plan outlive the last manager, and what became of those that ended meanwhile? */
  async #learnFromWorker({ queue, events, stopPending }: Assembled): Promise<void> {
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), queue.running ? WORKER_WITH_ITEM_MS : WORKER_MS);
    const judged = await Promise.race([events.judged, late.promise]);
    clearTimeout(timer);
    // A request to stop and the autostart mode belong to the life of a worker: a fresh start begins without them.
    if (judged?.isSameWorker === true) return;
    await stopPending.setQueueRunning(false, 'The worker that ran it is gone.');
    await queue.setAutostart(false);
    if (judged === null && queue.running) await this.#parts?.run.abandon();
  }

  #assembled(queue: PlanQueue): Assembled {
    const { log } = this;
    const settings = this.#settings;
    const { version, secrets, print, die } = this.#about;
    const onChanged = (): void => status.changed();
    const state = new ManagerState(() => {
      status.changed();
      autostart.look();
    });
    const tasks = new TaskResults(onChanged);
    const lock = new ManagerLock({
      kept: queue.kept('lock'),
      keep: (text, detail) => queue.keep('lock', { text, events: [{ kind: 'lock_changed', detail }] }),
      emergencyKey: secrets.emergencyLockKey,
      onChanged,
    });
    const resources = new Resources({
      settings,
      kept: () => queue.kept('permissions'),
      keep: (text) => queue.keep('permissions', { text, events: [{ kind: 'permissions_changed' }] }),
      listsChanged: () => queue.record({ kind: 'lists_changed' }),
      log,
      onChanged,
    });
    const status: StatusText = new StatusText(
      () => statusFields({ queue, state, stopPending, resources, lock, tasks }),
      () => feed.tell(),
    );
    const feed = new StatusFeed(() => this.#publisher.status(status.text()));
    const link = new WorkerLink({
      settings: settings.link,
      version,
      lastReport: () => queue.cursor ?? { worker_uid: '', number: 0 },
      storeEpoch: queue.epoch,
      onError: (error) => log.fault(error),
    });
    link.on('console', ({ msg, time }) => {
      this.#publisher.console(msg, time);
      if (settings.console_output) print(msg);
    });
    const stopPending = new StopPending(queue, state);
    const run = new QueueRun({ queue, state, link, stopPending, resources, log });
    const autostart: Autostart = new Autostart({ queue, state, run, log });
    const taskRunner = new TaskRunner({ state, link, tasks });
    const runControl = new RunControl({ queue, state, link, log });
    const environment = new EnvironmentControl({ queue, state, link, run, tasks, log });
    const emergency = new EmergencyStop({ queue, state, link, run, environment, log });
    const waiters = new EventWaiters(queue.events);
    this.#releasers.add(() => waiters.close());
    const lists = new ListsKeeper(settings, resources, log);
    this.#releasers.add(() => lists.written);
    const events = new WorkerEvents({
      queue,
      state,
      link,
      run,
      environment,
      lists,
      resources,
      tasks,
      taskRunner,
      log,
      control: runControl,
    });
    const handlers = allHandlers({
      queue,
      state,
      resources,
      run,
      stopPending,
      autostart,
      environment,
      link,
      lock,
      status,
      tasks,
      taskRunner,
      log,
      events: queue.events,
      waiters,
      stories: new ItemStories(queue.events),
      runsNow: (uid) => (state.worker?.running_item_uid === uid ? state.runs.map((one) => one.uid) : []),
      emergency,
      control: runControl,
      die,
      stop: () => void this.#stopByClient(),
    });
    const dispatcher = new Dispatcher({ handlers, failures: failures(queue), lock, log, isTesting: settings.testing });
    const { zmqPrivateKey: privateKey } = secrets;
    const handshakes = new RefusedHandshakes({ privateKey, warn: (sentence) => log.warning(sentence) });
    const control = new ControlSocket({
      address: settings.zmq_control_addr,
      privateKey,
      onRefused: (code) => handshakes.refused(code),
      encoding: encodings[settings.zmq_encoding],
      reply: (text) => dispatcher.reply(text),
      onError: (error) => log.fault(error),
      tracedBy: (trace, act) => (log.shows('debug') ? this.#tracedBy(trace, act) : act()),
    });
    const heartbeat = new Heartbeat(link, state, log);
    return { queue, state, resources, status, feed, link, run, stopPending, autostart, events, control, heartbeat };
  }

  /** What comes from outside is bounded and cannot break a line. */
  #tracedBy<T>(trace: string, act: () => T): T {
    const id = trace.slice(0, 80);
    this.log.debug(`Request ${JSON.stringify(id)} of a gateway`);
    return currentTrace.run(id, act);
  }

  /** The worker ends what runs, with its clean-up, and tells how; then this process ends, too. */
  async #stopByClient(): Promise<void> {
    const { queue, link, events } = this.#parts as Assembled; // A request came in, so it was assembled.
    this.log.info('RE Manager was stopped by ZMQ command.');
    const gone = new Promise<void>((resolve) => link.on('died', () => resolve()));
    try {
      await link.request('shutdown', { reason: 'the manager was stopped' });
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, SHUTDOWN_MS);
      await Promise.race([gone, late.promise]);
      clearTimeout(timer);
    } catch {
      // It hangs, or is not there: whoever stops the manager wants it gone in either case.
    }
    if (link.hasWorkerProcess) link.killWorker();
    queue.stopWaiting();
    await events.settled;
    await this.stop();
  }
}

interface Assembled {
  readonly queue: PlanQueue;
  readonly state: ManagerState;
  readonly resources: Resources;
  readonly status: StatusText;
  readonly feed: StatusFeed;
  readonly link: WorkerLink;
  readonly run: QueueRun;
  readonly stopPending: StopPending;
  readonly autostart: Autostart;
  readonly events: WorkerEvents;
  readonly control: ControlSocket;
  readonly heartbeat: Heartbeat;
}

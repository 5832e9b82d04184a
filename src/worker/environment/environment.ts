import { StateMachine } from '../../lib/define-states.ts';
import { environmentStates, type EnvironmentState } from '../../protocol/states.ts';
import type { WorkerReport } from '../../protocol/worker/reports.ts';
import type { WorkerState } from '../../protocol/worker/state.ts';
import type { DeviceContext } from '../devices/device-context.ts';
import type { DocumentsOut } from '../documents-out/documents-out.ts';
import { RunEngine } from '../run-engine/run-engine.ts';
import { registerLoadHooks } from '../startup/load-hooks.ts';
import type { Profile } from '../startup/sim-profile/profile.ts';
import { StartupError } from '../startup/startup-error.ts';
import { Contents } from './contents.ts';
import type { DescriptionOptions } from './contents.ts';
import { Devices } from './devices.ts';
import type { EngineMetadata } from './engine-metadata.ts';
import { messageOf, tracebackOf } from './item-outcome.ts';
import { ItemRunner } from './item-runner.ts';
import { permittedMetadata } from './permitted-metadata.ts';
import type { TaskOrder } from './task.ts';
import { Tasks } from './tasks.ts';

export interface EnvironmentParts {
  readonly load: () => Promise<Profile>;
  /** The URL of the folder that the startup code is in. */
  readonly startupFolder: string;
  readonly documents: DocumentsOut;
  readonly metadata: EngineMetadata;
  /** Of what makes the documents, for the start document of each run. */
  readonly versions: Readonly<Record<string, string>>;
  /** Paths of the metadata that clients may read. */
  readonly permittedMetadata: readonly string[];
  readonly descriptions: DescriptionOptions;
  readonly context: DeviceContext;
  /** What must be over before anything is opened: the stopping of what a dead worker left moving. */
  readonly ready: Promise<unknown>;
  readonly report: (report: WorkerReport) => void;
  readonly onChanged: () => void;
  /** It has closed or failed to open: the process is to end. */
  readonly onClosed: () => void;
  readonly log: (level: 'info' | 'warning' | 'error', message: string) => void;
}

/** What there is once it is open. */
interface Open {
  readonly contents: Contents;
  readonly engine: RunEngine;
  readonly items: ItemRunner;
  readonly tasks: Tasks;
}

/** If a plan's clean-up takes longer than this while the worker is to end, the plan is halted. */
const CLEAN_UP_MS = 2000;

/** The one environment of this process, from its opening to its end. */
export class Environment {
  readonly #parts: EnvironmentParts;
  readonly #machine: StateMachine<EnvironmentState>;
  readonly #devices: Devices;
  #open: Open | undefined;
  #shuttingDown: Promise<void> | undefined;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
    this.#machine = new StateMachine<EnvironmentState>(environmentStates, 'closed', () => parts.onChanged());
    this.#devices = new Devices(parts.context, (sentence) => parts.log('warning', sentence));
  }

  get state(): WorkerState {
    const { engine, items, tasks } = this.#open ?? {};
    const runningItem = items?.runningItemUid ?? null;
    return {
      environment_state: this.#machine.state,
      re_state: engine?.state ?? null,
      pause_pending: runningItem !== null && engine?.deferredPauseRequested === true,
      running_item_uid: runningItem,
      runs: runningItem === null ? [] : [...(items?.runs ?? [])],
      background_tasks: tasks?.inBackground ?? 0,
      running_task_uids: tasks?.uids ?? [],
    };
  }

  get environmentState(): EnvironmentState {
    return this.#machine.state;
  }

  get engine(): RunEngine | undefined {
    return this.#open?.engine;
  }

  get items(): ItemRunner | undefined {
    return this.#open?.items;
  }

  /** As far as clients may read it. */
  get metadata(): Record<string, unknown> {
    return permittedMetadata(this.#parts.metadata.md, this.#parts.permittedMetadata);
  }

  /** Something of the state changed that is no step of the machine. */
  changed(): void {
    this.#parts.onChanged();
  }

  /** From `closed`; resolves when it is open or has failed, which is reported. */
  async open(): Promise<void> {
    this.#machine.change({ from: 'closed', to: 'initializing', why: 'a manager asked' });
    try {
      await this.#parts.ready;
      const namespaceNow = (): Contents['namespace'] => this.#open?.contents.namespace ?? {};
      registerLoadHooks({ namespace: namespaceNow, folder: this.#parts.startupFolder });
      const { namespace, metadata } = await this.#parts.load();
      await this.#parts.metadata.load({ ...metadata, versions: this.#parts.versions });
      await this.#devices.connect(Object.values(namespace));
      this.#open = this.#assembled(new Contents(namespace, this.#parts.descriptions));
    } catch (error) {
      return this.#failToOpen(error);
    }
    this.#machine.change({ from: 'initializing', to: 'idle', why: 'the startup code has run' });
    const { plans, devices } = this.#open.contents.descriptions;
    this.#parts.report({ type: 'environment_opened', plans, devices, re_metadata: this.metadata });
  }

  /** From `idle`. */
  async close(): Promise<void> {
    this.#machine.change({ from: 'idle', to: 'closing', why: 'a manager asked' });
    await this.#end();
  }

  /** The plan, where one runs, is to pause at its next checkpoint: what it records would be lost. */
  pauseFor(reason: string): void {
    const engine = this.#open?.engine;
    if (engine?.state !== 'running' || engine.deferredPauseRequested) return;
    this.#parts.log('error', `The plan is to pause at its next checkpoint. ${reason}`);
    engine.requestPause(true);
    this.#parts.onChanged();
  }

  /** From `idle`: the item's outcome will be reported. */
  startItem(uid: string, text: string): void {
    this.#open?.items.start(uid, text);
  }

  startTask(order: TaskOrder): void {
    if (!order.run_in_background) this.#machine.change({ from: 'idle', to: 'executing_task', why: order.kind });
    this.#open?.tasks.start(order);
  }

  /**
   * Brings the plan down at once, without its clean-up, and stops whatever moves, what a task has set in motion included.
   * Resolves when the plan is down, and stopping was answered or left.
   */
  async emergencyHalt(): Promise<void> {
    const { items, contents } = this.#open ?? {};
    await Promise.all([items?.emergencyHalt(''), this.#devices.stopMoving(contents?.devices ?? [])]);
  }

  /**
   * Ends everything in order, whatever it is doing: the plan is aborted with its clean-up, and halted if that takes too
   * long; what moves is stopped; the outcome is reported.
   */
  shutDown(reason: string): Promise<void> {
    this.#shuttingDown ??= this.#shutDown(reason);
    return this.#shuttingDown;
  }

  async #shutDown(reason: string): Promise<void> {
    if (this.#machine.is('closed', 'closing', 'failed')) return;
    const items = this.#open?.items;
    if (items !== undefined && items.runningItemUid !== null) await this.#endItem(items, reason);
    this.#open?.tasks.giveUp(reason);
    if (this.#machine.is('idle')) this.#machine.change({ from: 'idle', to: 'closing', why: reason });
    await this.#end();
  }

  async #endItem(items: ItemRunner, reason: string): Promise<void> {
    const halt = setTimeout(() => void items.emergencyHalt(reason).catch(() => undefined), CLEAN_UP_MS);
    // A plan that is being stopped already goes on to its end: there is nothing to ask for.
    await items.end('abort', reason).catch(() => undefined);
    await items.finished();
    clearTimeout(halt);
  }

  async #end(): Promise<void> {
    await this.#devices.stopMoving(this.#open?.contents.devices ?? []);
    this.#devices.disconnect();
    if (this.#open !== undefined) this.#parts.metadata.save();
    await this.#parts.metadata.saved();
    this.#open = undefined;
    if (this.#machine.is('closing')) {
      this.#machine.change({ from: 'closing', to: 'closed', why: 'everything is at rest' });
      this.#parts.report({ type: 'environment_closed' });
    }
    this.#parts.onClosed();
  }

  #failToOpen(error: unknown): void {
    const traceback = error instanceof StartupError ? error.traceback : tracebackOf(error);
    const msg = `Failed to start RE Worker environment. Error while loading startup code: ${messageOf(error)}.`;
    this.#parts.log('error', `${msg}\n${traceback}`);
    this.#machine.change({ from: 'initializing', to: 'failed', why: msg });
    this.#devices.disconnect();
    this.#parts.report({ type: 'environment_failed', msg, traceback });
    this.#parts.onClosed();
  }

  #assembled(contents: Contents): Open {
    const { report, log, metadata, onChanged } = this.#parts;
    const engine = this.#newEngine();
    const items = new ItemRunner({
      contents,
      engine,
      log,
      onRunning: (isRunning) => this.#planRuns(isRunning),
      kept: () => this.#parts.documents.kept(),
      onFinished: report,
    });
    const tasks = new Tasks({
      contents,
      connect: (exports) => this.#devices.connect(Object.values(exports)),
      onChanged,
      onListsChanged: () => report({ type: 'lists_changed', ...contents.descriptions }),
      onFinished: (finished, inBackground) => {
        if (!inBackground) this.#machine.change({ from: 'executing_task', to: 'idle', why: 'the task has ended' });
        else onChanged();
        report(finished);
      },
    });
    metadata.save();
    return { contents, engine, items, tasks };
  }

  #newEngine(): RunEngine {
    const { documents, metadata, onChanged, log } = this.#parts;
    return new RunEngine({
      md: metadata.md,
      scanIdSource: (md) => metadata.nextScanId(md),
      onDocument: (name, document) => {
        documents.write(name, document);
        if (name === 'stop') this.items?.runStopped(String(document['run_start']), String(document['exit_status']));
      },
      untilCaughtUp: () => documents.settled(),
      onState: onChanged,
      onRuns: (runs) => {
        this.items?.runsChanged(runs);
        onChanged();
      },
      onNotice: (sentence) => log('info', sentence),
      onError: (error) => log('error', tracebackOf(error)),
    });
  }

  #planRuns(isRunning: boolean): void {
    if (isRunning) this.#machine.change({ from: 'idle', to: 'executing_plan', why: 'a plan runs' });
    else if (this.#machine.is('executing_plan')) this.#machine.change({ to: 'idle', why: 'no plan runs' });
  }
}

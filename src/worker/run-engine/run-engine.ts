import { randomUUID } from 'node:crypto';
import { StateMachine } from '../../lib/define-states.ts';
import { close, endedBy, endedWell, type Ending } from './closing.ts';
import type { Command, Workings } from './commands/command.ts';
import { allCommands } from './commands/registry.ts';
import { Dispatcher, type DocumentListener } from './dispatcher.ts';
import type { DocumentMaking, DocumentName } from './documents.ts';
import { FailedPause, PlanHalt, RequestAbort, RequestStop, TransitionError } from './errors.ts';
import { MessageLoop } from './message-loop.ts';
import { msg as message, type Plan, replay } from './messages.ts';
import type { RunOutcome } from './outcome.ts';
import type { RunEngineParts } from './parts.ts';
import { PlanCall } from './plan-call.ts';
import { engineStates, type EngineState } from './state.ts';
import { InstalledSuspenders } from './suspenders/installed-suspenders.ts';
import type { SuspendOptions, Suspender } from './suspenders/suspender.ts';

/** After an emergency this is left for everything, in seconds; the answer is due within one. */
const EMERGENCY_PATIENCE = 0.5;
const PANICKED = 'The RunEngine is panicked and cannot be recovered. You must restart bluesky.';

type PlanSource = Plan | (() => Plan);

/**
 * Runs plans: one at a time, pausable, and with everything put at rest in the end, whatever the plan or its devices do.
 * Messages, states, exceptions and documents are bluesky's.
 */
export class RunEngine {
  readonly md: Record<string, unknown>;
  /** Each wraps the plan, the first one innermost. */
  readonly preprocessors: ((plan: Plan) => Plan)[] = [];
  readonly #parts: RunEngineParts;
  readonly #state: StateMachine<EngineState>;
  readonly #commands = allCommands();
  readonly #documents: Dispatcher;
  readonly #making: DocumentMaking;
  readonly #suspenders: InstalledSuspenders;
  #deferredPauseRequested = false;
  #active: { call: PlanCall; loop: MessageLoop } | undefined;

  constructor(parts: RunEngineParts) {
    this.#parts = parts;
    this.md = parts.md ?? {};
    this.#documents = new Dispatcher(parts.onDocument, (error) => this.#report(error));
    this.#making = {
      emit: (name, document) => this.#documents.emit(name, document),
      newUid: parts.newUid ?? randomUUID,
      clock: parts.clock ?? (() => Date.now() / 1000),
    };
    this.#suspenders = new InstalledSuspenders(this);
    this.#state = new StateMachine(engineStates, 'idle', ({ from, to }) => this.#tell(() => parts.onState?.(to, from)));
  }

  get state(): EngineState {
    return this.#state.state;
  }

  /** True until the pause is taken, or the next plan begins. */
  get deferredPauseRequested(): boolean {
    return this.#deferredPauseRequested;
  }

  get suspenders(): readonly Suspender[] {
    return this.#suspenders.all;
  }

  /** The names of all commands. */
  get commands(): readonly string[] {
    return [...this.#commands.keys()];
  }

  /**
   * Resolves when the plan has ended, well or not, or when it is paused.
   * @throws Error when a plan is under way already
   */
  async run(plan: PlanSource, md: Record<string, unknown> = {}): Promise<RunOutcome> {
    this.#refusePanic();
    if (this.state !== 'idle') throw new Error(`The RunEngine is in a ${this.state} state`);
    const planName = typeof plan === 'function' ? plan.name : '';
    const call = new PlanCall({ metadata: md, planName, patience: this.#parts.devicePatience ?? 10 });
    const wrapped = this.preprocessors.reduce((inner, wrap) => wrap(inner), typeof plan === 'function' ? plan() : plan);
    const main = call.plans.push(wrapped);
    this.#waitForSuspenders(call);
    this.#deferredPauseRequested = false;
    const workings = this.#workings(call);
    const { onMessage, untilCaughtUp } = this.#parts;
    const loop = new MessageLoop(
      { call, workings, commands: this.#commands, state: this.#state, onMessage, untilCaughtUp },
      main,
    );
    this.#active = { call, loop };
    this.#state.change({ from: 'idle', to: 'running', why: 'a plan was given' });
    void this.#carryOut(call, loop, workings);
    return call.outcome;
  }

  /**
   * At once, or, deferred, at the plan's next checkpoint. Where nothing can be replayed a pause at once ends the plan.
   * @throws TransitionError unless a plan is running
   */
  requestPause(defer = false): void {
    this.#refusePanic();
    if (this.state !== 'running') {
      throw new TransitionError(`Run Engine is in '${this.state}' state and can not be paused.`);
    }
    if (defer) {
      this.#deferredPauseRequested = true;
      this.#notice('Deferred pause acknowledged. Continuing to checkpoint.');
      return;
    }
    this.#notice('Pausing...');
    this.#deferredPauseRequested = false;
    this.#state.change({ from: 'running', to: 'pausing', why: 'a pause was asked for' });
    this.#active?.call.recordInterruption('pause');
    this.#active?.loop.interrupt();
  }

  /** Holds the plan until the promise resolves; then what was done since the checkpoint is done again. */
  requestSuspend(untilReleased: () => Promise<unknown>, options: SuspendOptions = {}): void {
    const { prePlan = null, postPlan = null, justification = null } = options;
    const active = this.#active;
    if (active === undefined || active.call.isClosing) return;
    if (['stopping', 'aborting', 'halting'].includes(this.state)) return;
    this.#notice('Suspending....To get prompt hit Ctrl-C twice to pause.');
    if (justification !== null) this.#notice(`Justification for this suspension:\n${justification}`);
    if (!active.call.checkpoint.isResumable) return this.#abortUnresumable(active);
    const suspension = message('_start_suspender', null, [prePlan, postPlan, justification, untilReleased]);
    active.call.plans.push(replay([suspension]), { isSuspension: true });
    // While it is paused, or about to be, it lies on the stack until the plan is resumed.
    if (this.state !== 'running') return;
    this.#state.change({ from: 'running', to: 'suspending', why: justification ?? 'a suspension was asked for' });
    active.loop.interrupt();
  }

  /** @throws TransitionError unless it is paused */
  async resume(): Promise<RunOutcome> {
    this.#refusePanic();
    const active = this.#active;
    if (this.state !== 'paused' || active === undefined) {
      throw new TransitionError(`The RunEngine is the ${this.state} state. You can only resume for the paused state.`);
    }
    this.#state.change({ from: 'paused', to: 'running', why: 'resumed' });
    active.call.continueAfterPause();
    active.loop.resume();
    return active.call.outcome;
  }

  /** Ends the plan after its clean-up; the run counts as a success. */
  async stop(): Promise<RunOutcome> {
    this.#notice("Stopping: running cleanup and marking exit_status as 'success'...");
    return this.#end('stopping', 'stop', new RequestStop());
  }

  /** Ends the plan after its clean-up; the run counts as aborted. */
  async abort(reason = ''): Promise<RunOutcome> {
    this.#notice("Aborting: running cleanup and marking exit_status as 'abort'...");
    return this.#end('aborting', 'abort', new RequestAbort(reason), reason);
  }

  /** Ends the plan without its clean-up. Devices are put at rest all the same. */
  async halt(): Promise<RunOutcome> {
    this.#notice("Halting: skipping cleanup and marking exit_status as 'abort'...");
    return this.#end('halting', 'halt', new PlanHalt());
  }

  /**
   * A halt that is never refused and is answered within a second, whatever the plan or a device does: `stop()` of
   * everything that was moved is called, and what does not answer is left. Null when there was nothing to halt.
   */
  async emergencyHalt(reason = ''): Promise<RunOutcome | null> {
    const active = this.#active;
    if (active === undefined) return null;
    const { call, loop } = active;
    this.#notice("Halting: skipping cleanup and marking exit_status as 'abort'...");
    call.patience.shorten(EMERGENCY_PATIENCE);
    if (call.isClosing) return call.outcome;
    if (this.state === 'paused') call.continueAfterPause();
    if (this.state !== 'halting') this.#state.change({ to: 'halting', why: 'an emergency' });
    call.interruption = 'halt';
    if (reason !== '') call.reason = reason;
    loop.cut(new PlanHalt());
    return call.outcome;
  }

  /** Gives the token that ends the subscription. */
  subscribe(listener: DocumentListener, name: DocumentName | 'all' = 'all'): number {
    return this.#documents.subscribe(listener, name);
  }

  unsubscribe(token: number): void {
    this.#documents.unsubscribe(token);
  }

  installSuspender(suspender: Suspender): void {
    this.#suspenders.add(suspender);
  }

  removeSuspender(suspender: Suspender): void {
    this.#suspenders.remove(suspender);
  }

  clearSuspenders(): void {
    this.#suspenders.clear();
  }

  /** A command of the beamline's own, or in place of one of ours. */
  registerCommand(name: string, command: Command): void {
    this.#commands.set(name, command);
  }

  unregisterCommand(name: string): void {
    this.#commands.delete(name);
  }

  /** From the plan's first message to the state `idle`. Nothing escapes it: a failure of its own is a panic. */
  async #carryOut(call: PlanCall, loop: MessageLoop, workings: Workings): Promise<void> {
    const ending = await this.#ending(call, loop);
    try {
      await close(workings, ending);
      this.#active = undefined;
      this.#state.change({ to: 'idle', why: 'the plan has ended and everything is at rest' });
    } catch (error) {
      this.#active = undefined;
      this.#report(error);
      this.#state.change({ to: 'panicked', why: String(error) });
    }
    call.settle({ kind: 'finished', ...ending, ...call.runsSoFar(), interrupted: call.interruption !== 'none' });
  }

  async #ending(call: PlanCall, loop: MessageLoop): Promise<Ending> {
    try {
      return endedWell(call, await loop.run());
    } catch (error) {
      if (error instanceof FailedPause) call.interruption = 'abort';
      return endedBy(call, error);
    }
  }

  async #end(to: EngineState, interruption: PlanCall['interruption'], error: Error, reason = ''): Promise<RunOutcome> {
    this.#refusePanic();
    const active = this.#active;
    if (active === undefined) throw new TransitionError('RunEngine is already idle.');
    if (!engineStates.next[this.state].includes(to)) {
      throw new TransitionError(`Run Engine is in '${this.state}' state and can not go on to '${to}'.`);
    }
    if (this.state === 'paused') active.call.continueAfterPause();
    this.#state.change({ to, why: reason === '' ? `${interruption} was asked for` : reason });
    active.call.interruption = interruption;
    active.call.reason = reason;
    active.loop.cut(error);
    return active.call.outcome;
  }

  #abortUnresumable({ call, loop }: { call: PlanCall; loop: MessageLoop }): void {
    this.#notice('No checkpoint; cannot suspend.');
    this.#notice("Aborting: running cleanup and marking exit_status as 'abort'...");
    call.interruption = 'abort';
    this.#state.change({ to: 'aborting', why: 'a suspension where nothing can be replayed' });
    loop.cut(new FailedPause('There is no checkpoint to come back to'));
  }

  /** What is tripped before the plan begins holds it back. */
  #waitForSuspenders(call: PlanCall): void {
    const held = this.#suspenders.untilReleased();
    if (held === undefined) return;
    this.#notice(held.notice);
    call.plans.push(replay([message('wait_for', null, [held.waits])]));
  }

  #workings(call: PlanCall): Workings {
    const { scanIdSource = nextScanId, recordInterruptions = false, onProgress, onRuns } = this.#parts;
    return {
      call,
      md: this.md,
      making: this.#making,
      documents: this.#documents,
      recordInterruptions,
      scanIdSource,
      engineClass: RunEngine,
      isPauseDeferred: () => this.#deferredPauseRequested,
      requestPause: (defer) => this.requestPause(defer),
      installSuspender: (suspender) => this.installSuspender(suspender),
      removeSuspender: (suspender) => this.removeSuspender(suspender),
      showProgress: (statuses) => this.#tell(() => onProgress?.(statuses)),
      runsChanged: () => this.#tell(() => onRuns?.(call.records.map((record) => ({ ...record })))),
      report: (error) => this.#report(error),
    };
  }

  #refusePanic(): void {
    if (this.state === 'panicked') throw new Error(PANICKED);
  }

  #notice(sentence: string): void {
    this.#tell(() => this.#parts.onNotice?.(sentence));
  }

  /** A listener that throws must not change what the engine does. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    try {
      this.#parts.onError?.(error);
    } catch {
      // Nobody is left to tell.
    }
  }
}

const nextScanId = (md: Record<string, unknown>): number => Number(md['scan_id'] ?? 0) + 1;

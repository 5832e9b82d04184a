import { setImmediate as breath } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { StateMachine } from '../../lib/define-states.ts';
import type { Command, Workings } from './commands/command.ts';
import { FailedPause, InvalidCommand, isHalt } from './errors.ts';
import type { Msg } from './messages.ts';
import type { PlanCall } from './plan-call.ts';
import type { Failure, PlanFrame } from './plan-stack.ts';
import { INTERRUPTED, Race } from './race.ts';
import { quietDevices, wakeDevices } from './resting.ts';
import type { EngineState } from './state.ts';
import { isPromise } from './sync-or-async.ts';
import { Turn } from './turn.ts';

export interface LoopParts {
  call: PlanCall;
  workings: Workings;
  commands: ReadonlyMap<string, Command>;
  state: StateMachine<EngineState>;
  onMessage: ((msg: Msg) => void) | undefined;
  /** What the plan must not run away from; nothing when nobody is behind. */
  untilCaughtUp: (() => Promise<void> | undefined) | undefined;
}

/** So long the loop may keep the thread; then timers, sockets and requests have their turn. */
const SLICE_MS = 1;

/**
 * Takes messages from the plan, does what they ask, and answers.
 *
 * What can be done at once is done without leaving the thread, up to a slice of time; what takes longer is awaited, in a
 * race with requests. A request (pause, suspension, end) changes the state and calls `interrupt`: the command in progress
 * is abandoned, and the next step looks at the state first. A failure, the plan's own or one that is thrown into it,
 * rises through the plans from the top until one of them goes on with another message.
 */
export class MessageLoop {
  readonly #parts: LoopParts;
  readonly #main: PlanFrame;
  readonly #race = new Race();
  /** What a person's request throws into the plan, in place of whatever it waits for. */
  #cut: Failure | undefined;
  #rising: Failure | undefined;
  #isResumed = false;
  #result: unknown;
  #sliceEnd = 0;

  constructor(parts: LoopParts, main: PlanFrame) {
    this.#parts = parts;
    this.#main = main;
  }

  /** What the plan returned. Rejects with what no plan would handle. */
  async run(): Promise<unknown> {
    for (;;) {
      const step = this.#advance();
      if (step === 'ended') return this.#result;
      if (step === 'pause') await this.#pause();
      else if (step === 'breathe') await this.#breathe();
      else await step;
    }
  }

  /** The state has changed: the command in progress is abandoned. */
  interrupt(): void {
    this.#race.interrupt();
  }

  /** Ends the plan: thrown into it at once, and before anything else that would be. */
  cut(error: Error): void {
    this.#cut = { error };
    this.#race.interrupt();
  }

  resume(): void {
    this.#isResumed = true;
    this.#race.interrupt();
  }

  /** As far as it goes without waiting; a promise is an answer under way. */
  #advance(): 'ended' | 'pause' | 'breathe' | Promise<void> {
    const { plans } = this.#parts.call;
    for (;;) {
      if (this.#isPauseDue()) return 'pause';
      if (performance.now() > this.#sliceEnd) return 'breathe';
      const frame = plans.top;
      if (frame === undefined) {
        if (this.#rising !== undefined) throw this.#rising.error;
        return 'ended';
      }
      const msg = this.#next(frame);
      if (msg === undefined) continue;
      const answer = this.#perform(msg, frame);
      if (answer !== undefined) return answer;
    }
  }

  #isPauseDue(): boolean {
    const { call, state } = this.#parts;
    const now = state.state;
    if (now !== 'pausing' && now !== 'suspending') return false;
    if (!call.checkpoint.isResumable) {
      state.change({ to: 'aborting', why: 'nothing can be replayed' });
      this.#cut ??= { error: new FailedPause('There is no checkpoint to come back to') };
      return false;
    }
    if (now === 'suspending') {
      state.change({ to: 'running', why: 'the suspension lies on the plan' });
      return false;
    }
    // A failure rises first: plans may have to clean up before anything rests.
    return this.#rising === undefined;
  }

  /** The plan's next message; nothing when the plan has ended, and was taken off the stack. */
  #next(frame: PlanFrame): Msg | undefined {
    const failure = this.#failureFor(frame);
    const isHalted = failure !== undefined && isHalt(failure.error);
    try {
      const step = failure === undefined ? frame.plan.next(frame.response) : frame.plan.throw(failure.error);
      // A halted plan is told so once, and whatever it would still do is not done.
      if (isHalted) return this.#leave(frame, failure);
      // A bare `yield` gives what is no message: it is refused as such, and not taken for the plan's end.
      if (step.done !== true) return step.value ?? (null as unknown as Msg);
      if (frame === this.#main) this.#result = step.value;
      return this.#leave(frame, undefined);
    } catch (error) {
      return this.#leave(frame, isHalted ? failure : { error });
    }
  }

  #leave(frame: PlanFrame, rising: Failure | undefined): undefined {
    this.#rising = rising;
    this.#parts.call.plans.remove(frame);
  }

  /** Of all that could be thrown into the plan now, what comes first. */
  #failureFor(frame: PlanFrame): Failure | undefined {
    const { call } = this.#parts;
    const failure = this.#cut ?? this.#rising ?? call.pendingFailure ?? frame.failure;
    if (failure === undefined) return undefined;
    // A request ends the plan whatever failed beside it; two failures are told one after the other.
    if (this.#cut !== undefined || failure === call.pendingFailure) call.pendingFailure = undefined;
    this.#cut = undefined;
    this.#rising = undefined;
    frame.failure = undefined;
    return failure;
  }

  /** Nothing when it was answered at once. */
  #perform(msg: Msg, frame: PlanFrame): Promise<void> | undefined {
    frame.response = undefined;
    try {
      const command = this.#taken(msg);
      const turn = new Turn();
      const answer = command(msg, this.#parts.workings, turn);
      if (isPromise(answer)) return this.#answered(answer, frame, turn);
      frame.response = answer;
    } catch (error) {
      frame.failure = { error };
    }
    return undefined;
  }

  /** Notes the message, and finds who does what it asks. */
  #taken(msg: Msg): Command {
    const { call, commands, onMessage, workings } = this.#parts;
    if (typeof (msg as Partial<Msg> | null)?.command !== 'string') {
      throw new InvalidCommand(`A plan must yield messages, received ${inspect(msg)}`);
    }
    try {
      onMessage?.(msg);
    } catch (error) {
      workings.report(error);
    }
    if (msg.obj !== null) call.seen.add(msg.obj);
    call.checkpoint.remember(msg);
    const command = commands.get(msg.command);
    if (command === undefined) throw new InvalidCommand(msg.command);
    return command;
  }

  /** Until the answer is there, or a request is: then the plan gets no answer, and the command is told. */
  async #answered(answer: Promise<unknown>, frame: PlanFrame, turn: Turn): Promise<void> {
    try {
      const response = await this.#race.between(answer, () => this.#isRequested());
      if (response === INTERRUPTED) turn.abandon();
      else frame.response = response;
    } catch (error) {
      frame.failure = { error };
    }
  }

  #isRequested(): boolean {
    const { state } = this.#parts.state;
    return this.#cut !== undefined || state === 'pausing' || state === 'suspending';
  }

  async #breathe(): Promise<void> {
    await breath();
    const behind = this.#parts.untilCaughtUp?.();
    if (behind !== undefined) await this.#race.between(behind, () => this.#isRequested());
    this.#sliceEnd = performance.now() + SLICE_MS;
  }

  /** Puts everything at rest, tells the caller, and waits for a person's decision. */
  async #pause(): Promise<void> {
    const { call, state } = this.#parts;
    for (const run of call.runs.values()) run.monitors.suspend();
    await this.#race.between(this.#quiet(), () => this.#cut !== undefined);
    if (state.state !== 'pausing') return;
    this.#isResumed = false;
    state.change({ from: 'pausing', to: 'paused', why: 'everything is at rest' });
    call.settle({ kind: 'paused', ...call.runsSoFar() });
    await this.#race.between(undefined, () => this.#isResumed || this.#cut !== undefined);
    if (this.#isResumed) await this.#wakeUp();
    if (!state.is('halting')) for (const run of call.runs.values()) run.monitors.restore();
  }

  async #quiet(): Promise<void> {
    const { call, workings } = this.#parts;
    if (!(await quietDevices(call, workings.report))) call.resetCheckpoint();
  }

  /** Everything since the checkpoint is done again, once the devices know that it goes on. */
  async #wakeUp(): Promise<void> {
    const { call, workings } = this.#parts;
    call.recordInterruption('resume');
    const again = call.checkpoint.take();
    if (again.length > 0) for (const run of call.runs.values()) run.rewind();
    call.plans.pushReplay(again);
    await this.#race.between(wakeDevices(call, workings.report), () => this.#isRequested());
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { RequestAbort } from '../../src/worker/run-engine/errors.ts';
import { msg, type Msg, type Plan } from '../../src/worker/run-engine/messages.ts';
import type { RunOutcome } from '../../src/worker/run-engine/outcome.ts';
import { RunEngine } from '../../src/worker/run-engine/run-engine.ts';
import { RecordedDevice } from './runengine-devices.ts';
import type { Fields, RecordedDocument, RecordedMessage, Recording } from './runengine-recording.ts';

/** After these nothing that came before is replayed. */
const RESETS = new Set(['checkpoint', 'stage', 'unstage', 'monitor', 'unmonitor', 'subscribe', 'unsubscribe']);

/**
 * Feeds the recorded messages to a RunEngine. What the RunEngine yields by itself, the replay after a pause and the
 * waiting of a suspension, is not fed: the recording has those messages too, and the feed goes on behind them.
 */
export class Replayer {
  readonly documents: RecordedDocument[] = [];
  /** What the RunEngine was given to do, in the recording's form. */
  readonly messages: string[] = [];
  readonly #recording: Recording;
  readonly #engine: RunEngine;
  readonly #devices = new Map<string, unknown>();
  #bundle: string | undefined;
  #openRuns = 0;
  #error: unknown;
  #uids = 0;
  #planName = '';
  #before = 0;
  #callStart = 0;
  readonly errors: unknown[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#engine = new RunEngine({
      onDocument: (name, document) => this.#took(name, document),
      onMessage: (message) => this.#begins(message),
      newUid: () => `uid#ours${++this.#uids}`,
    });
    // What took seconds need not take them again.
    this.#engine.registerCommand('sleep', (_msg, _workings, { signal }) => delay(5, undefined, { signal }));
  }

  get emitted(): number {
    return this.documents.length;
  }

  get bundle(): string | undefined {
    return this.#bundle;
  }

  async replay(): Promise<void> {
    while (this.#next() !== undefined) {
      const before = this.messages.length;
      const plan = (): Plan => this.#feed();
      this.#planName = this.#nextStart()?.['plan_name'] ?? '';
      this.#before = this.documents.length;
      this.#callStart = this.messages.length;
      Object.defineProperty(plan, 'name', { value: this.#planName });
      await this.#until(this.#engine.run(plan, this.#callMetadata()));
      if (this.messages.length === before) throw new Error(`nothing came of ${String(this.#next()?.command)}`);
    }
  }

  /** A pause ends as the recording ends it. */
  async #until(outcome: Promise<RunOutcome>): Promise<void> {
    while ((await outcome).kind === 'paused') outcome = this.#decided();
  }

  #decided(): Promise<RunOutcome> {
    const asked = /-(stop|abort|halt)-/.exec(this.#recording.name)?.[1];
    if (asked === 'stop') return this.#engine.stop();
    if (asked === 'abort') return this.#engine.abort();
    if (asked === 'halt') return this.#engine.halt();
    if (this.#next()?.command === '_start_suspender') this.#suspend();
    if (this.#isReplayNext()) return this.#engine.resume();
    return this.#nextDocument()?.[0] === 'stop' ? this.#engine.abort() : this.#engine.halt();
  }

  /** Whether the recording goes on with what was done since the last checkpoint, or with the plan when that is nothing. */
  #isReplayNext(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    const past = this.#recording.messages.slice(this.#callStart, this.messages.length);
    const checkpoint = past.findLastIndex(({ command }) => RESETS.has(command));
    const first = past
      .slice(checkpoint + 1)
      .find(({ command }) => !['pause', 'open_run', 'close_run'].includes(command));
    return first === undefined || isDeepStrictEqual(first, next) || next.command.endsWith('_suspender');
  }

  *#feed(): Plan<void> {
    this.#error = undefined;
    while (!this.#isCallOver()) {
      this.#updateMonitors();
      const recorded = this.#next() as RecordedMessage;
      try {
        yield this.#message(recorded);
      } catch (error) {
        this.#error = error;
        this.errors.push(error);
      }
    }
    this.#updateMonitors();
    if (this.#nextDocument()?.[1]['exit_status'] === 'abort') throw this.#error ?? new RequestAbort();
    if (this.#nextDocument()?.[1]['exit_status'] === 'fail') throw this.#error ?? new Error('not recorded');
  }

  /** Where the recorded call ended and another began; only what follows tells. */
  #isCallOver(): boolean {
    const next = this.#next();
    if (next === undefined) return true;
    const closes = this.#nextDocument()?.[0] === 'stop';
    if (next.command === 'open_run') return this.#isStartAfterStop() || this.#isOtherPlan(next);
    return closes && this.#error !== undefined && !this.#isClosedByMessage();
  }

  #isStartAfterStop(): boolean {
    if (this.#openRuns === 0) return false;
    const ahead = this.#recording.documents.slice(this.documents.length).map(([name]) => name);
    const stop = ahead.indexOf('stop');
    return stop >= 0 && ahead.indexOf('start') > stop;
  }

  #isOtherPlan({ kwargs }: RecordedMessage): boolean {
    if (this.#openRuns > 0 || this.documents.length === this.#before || 'plan_name' in kwargs) return false;
    return this.#nextStart()?.['plan_name'] !== this.#planName;
  }

  /** Whether the plan, after its error, still closes the run by itself. */
  #isClosedByMessage(): boolean {
    const ahead = this.#recording.messages.slice(this.messages.length);
    const closing = ahead.findIndex(({ command }) => command === 'close_run');
    const opening = ahead.findIndex(({ command }) => command === 'open_run');
    return closing >= 0 && (opening < 0 || closing < opening);
  }

  #next(): RecordedMessage | undefined {
    return this.#recording.messages[this.messages.length];
  }

  #nextDocument(): RecordedDocument | undefined {
    return this.#recording.documents[this.documents.length];
  }

  #nextStart(): Fields | undefined {
    return this.#recording.documents.slice(this.documents.length).find(([name]) => name === 'start')?.[1];
  }

  /** What the start document has and its message has not was given with the call. */
  #callMetadata(): Record<string, unknown> {
    const opening = this.#recording.messages.slice(this.messages.length).find(({ command }) => command === 'open_run');
    const own = new Set(['uid', 'time', 'scan_id', 'plan_type', 'plan_name', ...Object.keys(opening?.kwargs ?? {})]);
    return Object.fromEntries(Object.entries(this.#nextStart() ?? {}).filter(([key]) => !own.has(key)));
  }

  #begins(message: Msg): void {
    const recorded = this.#next();
    this.messages.push(message.command);
    if (recorded === undefined) return;
    if (message.command === 'create') this.#bundle = String(message.kwargs['name'] ?? message.args[0]);
    // What comes from outside is seen in what follows it.
    if (this.#next()?.command === '_start_suspender' && message.command !== 'pause') this.#suspend();
  }

  #suspend(): void {
    const [prePlan, postPlan, justification] = (this.#next()?.args ?? []) as [unknown, unknown, string | null];
    this.#engine.requestSuspend(() => new Promise((resolve) => setImmediate(resolve)), {
      prePlan: prePlan === null ? undefined : () => this.#ownPlan('wait_for'),
      postPlan: postPlan === null ? undefined : () => this.#ownPlan('rewindable'),
      justification: justification ?? undefined,
    });
  }

  /** The plan before or after the waiting, as far as the recording shows it. */
  *#ownPlan(end: string): Plan {
    for (;;) {
      const next = this.#next();
      if (next === undefined) throw new Error('the recording ends in this plan');
      if (next.command === end) return;
      yield this.#message(next);
    }
  }

  #took(name: string, document: Record<string, unknown>): void {
    this.documents.push([name, structuredClone(document)]);
    if (name === 'start') this.#openRuns += 1;
    if (name === 'stop') this.#openRuns -= 1;
  }

  /** Signals that are monitored change when the recording says so. */
  #updateMonitors(): void {
    for (;;) {
      const next = this.#nextDocument();
      if (next?.[0] !== 'event') return;
      const data: Record<string, unknown> = next[1]['data'];
      const [key = ''] = Object.keys(data);
      const listening = [...this.#devices.values()].filter(
        (device): device is RecordedDevice =>
          device instanceof RecordedDevice && device.listeners.size > 0 && key in device.describe(),
      );
      if (listening.length === 0) return;
      const readings = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value, timestamp: 0 }]));
      for (const device of listening) for (const listener of device.listeners) listener(readings);
    }
  }

  #message({ command, obj, args, kwargs, run }: RecordedMessage): Msg {
    return msg(
      command,
      this.#revived(obj),
      args.map((arg) => this.#revived(arg)),
      this.#revived(kwargs) as Record<string, unknown>,
      typeof run === 'object' && run !== null ? JSON.stringify(run) : run,
    );
  }

  #revived(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#revived(one));
    if (typeof value !== 'object' || value === null) return value;
    if ('$dev' in value) return this.#device(value as { $dev: string; class?: string });
    if ('$fn' in value) return async () => undefined;
    if ('$obj' in value) return { name: String(value.$obj) };
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#revived(one)]));
  }

  #device(reference: { $dev: string; class?: string }): unknown {
    const key = `${reference.$dev} ${reference.class ?? ''}`;
    const known = this.#devices.get(key);
    if (known !== undefined) return known;
    const isReplayable = reference.class !== 'UnReplayableSynGauss';
    const device = new RecordedDevice(reference.$dev, this.#recording, { progress: this, isReplayable });
    this.#devices.set(key, device);
    return device;
  }
}

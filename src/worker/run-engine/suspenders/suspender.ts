import type { Readings, Subscribable } from '../../devices/protocols.ts';
import type { AnyPlan } from '../messages.ts';
import type { EngineState } from '../state.ts';

/** As much of the RunEngine as a suspender needs. */
export interface Suspendable {
  readonly state: EngineState;
  requestSuspend(untilReleased: () => Promise<unknown>, options: SuspendOptions): void;
}
export interface SuspendOptions {
  /** Done before the waiting: shutters closed, cameras stopped. */
  prePlan?: AnyPlan | undefined;
  /** Done after it, before the plan goes on. */
  postPlan?: AnyPlan | undefined;
  justification?: string | undefined;
}
export interface SuspenderOptions extends Pick<SuspendOptions, 'prePlan' | 'postPlan'> {
  /** Seconds for which conditions must have been good again; 0 by default. */
  sleep?: number;
  trippedMessage?: string;
}

/**
 * Watches a signal, and holds the plan while conditions are bad.
 *
 * It trips at a bad value, and from then on whoever begins or runs a plan waits for its release; a good value releases it,
 * after `sleep` seconds. Between the two thresholds that some suspenders have nothing changes.
 */
export abstract class Suspender {
  protected readonly signal: Subscribable;
  readonly #options: SuspenderOptions;
  readonly #listener = (readings: Readings): void => this.#watch(readings);
  #engine: Suspendable | undefined;
  #value: unknown;
  #isTripped = false;
  #release: PromiseWithResolvers<void> | undefined;

  constructor(signal: Subscribable, options: SuspenderOptions = {}) {
    this.signal = signal;
    this.#options = options;
  }

  /** Whether conditions are bad. */
  protected abstract shouldSuspend(value: unknown): boolean;
  /** Whether they are good again; not always the opposite. */
  protected abstract shouldResume(value: unknown): boolean;
  protected abstract explain(value: unknown): string;

  get tripped(): boolean {
    return this.#isTripped;
  }

  /** Why it is tripped; empty when it is not. */
  get justification(): string {
    if (!this.#isTripped) return '';
    return [this.explain(this.#value), this.#options.trippedMessage].filter(Boolean).join(': ');
  }

  install(engine: Suspendable): void {
    this.#engine = engine;
    this.signal.subscribe(this.#listener);
  }

  /** Whoever waits for it waits no longer. */
  remove(): void {
    this.signal.clearSub(this.#listener);
    this.#letGo();
    this.#engine = undefined;
    this.#isTripped = false;
  }

  /** What a plan that begins now must wait for. */
  untilReleased(): (() => Promise<void>) | undefined {
    if (!this.#isTripped) return undefined;
    const { promise } = this.#held();
    return () => promise;
  }

  #watch(readings: Readings): void {
    const reading = readings[this.signal.name] ?? Object.values(readings)[0];
    if (this.#engine === undefined || reading === undefined) return;
    this.#value = reading.value;
    if (this.shouldSuspend(reading.value)) this.#trip(this.#engine);
    else if (this.shouldResume(reading.value)) {
      this.#letGo();
      this.#isTripped = false;
    }
  }

  /** Only once, however often bad values come. */
  #trip(engine: Suspendable): void {
    this.#isTripped = true;
    if (this.#release !== undefined) return;
    const { promise } = this.#held();
    const { prePlan, postPlan } = this.#options;
    if (engine.state === 'idle') return;
    engine.requestSuspend(() => promise, { prePlan, postPlan, justification: this.justification });
  }

  #held(): PromiseWithResolvers<void> {
    this.#release ??= Promise.withResolvers<void>();
    return this.#release;
  }

  #letGo(): void {
    const release = this.#release;
    this.#release = undefined;
    if (release === undefined) return;
    const { sleep = 0 } = this.#options;
    if (sleep <= 0) release.resolve();
    else setTimeout(() => release.resolve(), sleep * 1000);
  }
}

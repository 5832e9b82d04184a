import type { DataKey, Readings } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { Signal } from './signal.ts';
import type { SignalOptions } from './signal.ts';

export interface SynSignalOptions<T> extends Omit<SignalOptions<T>, 'value'> {
  /** What the next value is; asked at each trigger. */
  compute: () => T;
  /** Seconds that a trigger takes. */
  exposureTime?: number;
  precision?: number;
}

/** A signal that computes its value when it is triggered. */
export class SynSignal<T = number> extends Signal<T> {
  static override readonly pythonModule: string = 'ophyd.sim';
  precision: number;
  exposureTime: number;
  readonly #compute: () => T;

  constructor({ compute, exposureTime = 0, precision = 3, kind = 'normal', ...options }: SynSignalOptions<T>) {
    super({ ...options, kind, value: compute() });
    this.#compute = compute;
    this.exposureTime = exposureTime;
    this.precision = precision;
  }

  override trigger(): DeviceStatus {
    if (this.exposureTime > 0) return this.#expose();
    this.put(this.#compute());
    return DeviceStatus.finished();
  }

  protected override dataKey(): DataKey {
    return { ...super.dataKey(), precision: this.precision };
  }

  /** The next value. */
  protected compute(): T {
    return this.#compute();
  }

  #expose(): DeviceStatus {
    const status = new DeviceStatus({ of: `the exposure of ${this.name}` });
    setTimeout(() => {
      this.put(this.#compute());
      status.setFinished();
    }, this.exposureTime * 1000);
    return status;
  }
}

/** A signal whose time never passes: readings of it are equal when their values are. */
export class InvariantSignal extends SynSignal {
  static override readonly pythonModule = 'ophyd.sim';

  protected override timestamp(): number {
    return 0;
  }

  override toString(): string {
    return '<INVARIANT REPR>';
  }
}

/** A signal that changes by itself, about once in a period, from when it is first used. */
export class SynPeriodicSignal extends SynSignal {
  static override readonly pythonModule = 'ophyd.sim';
  readonly #period: number;
  readonly #jitter: number;
  #isRunning = false;

  constructor({
    period = 1,
    periodJitter = 1,
    ...options
  }: SynSignalOptions<number> & { period?: number; periodJitter?: number }) {
    super(options);
    this.#period = period;
    this.#jitter = periodJitter;
  }

  override read(): Readings {
    this.#start();
    return super.read();
  }

  override trigger(): DeviceStatus {
    this.#start();
    return super.trigger();
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#waitForNext();
  }

  /** Does not keep the process from ending. */
  #waitForNext(): void {
    const seconds = Math.max(this.#period + this.#jitter * normalRandom(), 0);
    setTimeout(() => {
      this.put(this.compute());
      this.#waitForNext();
    }, seconds * 1000).unref();
  }
}

/** Normally distributed around 0 with a width of 1 (Box and Muller). */
const normalRandom = (): number => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

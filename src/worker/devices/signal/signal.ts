import type { DeviceContext } from '../device-context.ts';
import type { Readings } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import type { SignalBackend, SignalFacts } from './backend.ts';
import { type SignalOptions, SignalRO } from './signal-ro.ts';

export interface SetOptions {
  /** Seconds. Default 10. */
  timeout?: number;
  /** False: done when the write is on its way; for buttons. */
  wait?: boolean;
  settleTime?: number;
}

/** A signal that can be written, to the source that it is read from or to another one. */
export class Signal<T = unknown> extends SignalRO<T> {
  static override readonly pythonName: string = 'EpicsSignal';
  readonly #writes: SignalRO<T> | undefined;
  readonly #tolerance: number | 'precision' | undefined;

  /**
   * `write`: the set-point, where reading and writing are two (`X_RBV` and `X`). `tolerance`: a set is done when the
   * readback is that near; by default it is done when the source says so.
   */
  constructor(
    source: string | SignalBackend,
    { write, tolerance, ...options }: SignalOptions & { write?: string; tolerance?: number | 'precision' },
  ) {
    super(source, options);
    this.#tolerance = tolerance;
    this.#writes = write === undefined ? undefined : new SignalRO(write, { name: `${options.name}_setpoint` });
  }

  override async connect(context: DeviceContext, timeout: number): Promise<void> {
    await Promise.all([super.connect(context, timeout), this.#writes?.connect(context, timeout)]);
  }

  override disconnect(): void {
    super.disconnect();
    this.#writes?.disconnect();
  }

  set(value: T, options: SetOptions = {}): DeviceStatus {
    const { settleTime, timeout = 10, wait = true } = options;
    const status = new DeviceStatus({
      of: `setting ${this.name}`,
      ...(settleTime === undefined ? {} : { settleTime }),
    });
    this.#carryOut(value, { wait, timeout }).then(
      () => status.setFinished(),
      (error: Error) => status.setException(error),
    );
    return status;
  }

  /** As `set()`, for functions and devices. */
  async put(value: T, options: { wait: boolean; timeout?: number } = { wait: true }): Promise<void> {
    await (await this.#target()).put(value, options);
  }

  /** @throws RangeError outside the control limits, TypeError for what is no state of an enum; nothing is written */
  async checkValue(value: T): Promise<void> {
    refuseOutside(value, (await this.#target()).facts(), this.name);
  }

  async locate(): Promise<{ setpoint: T; readback: T }> {
    const [readback, setpoint] = await Promise.all([this.get(), (this.#writes ?? this).get()]);
    return { setpoint, readback };
  }

  async #carryOut(value: T, options: { wait: boolean; timeout: number }): Promise<void> {
    await this.checkValue(value);
    await this.put(value, options);
    if (this.#tolerance !== undefined) await this.#untilNear(Number(value), options.timeout);
  }

  async #untilNear(target: number, timeout: number): Promise<void> {
    const { precision } = this.facts();
    const tolerance = this.#tolerance === 'precision' ? 10 ** -(precision ?? 0) : (this.#tolerance ?? 0);
    const near = Promise.withResolvers<void>();
    const listener = (readings: Readings): void => {
      if (Math.abs(Number(readings[this.name]?.value) - target) <= tolerance) near.resolve();
    };
    const expire = (): void => near.reject(new Error(`${this.name} did not come near ${target} within ${timeout} s`));
    const timer = setTimeout(expire, timeout * 1000);
    const stopListening = this.onDisconnect((why) => near.reject(new Error(`${this.source} was lost: ${why}`)));
    this.subscribe(listener);
    try {
      await near.promise;
    } finally {
      clearTimeout(timer);
      stopListening();
      this.clearSub(listener);
    }
  }

  /** Where it is written. */
  async #target(): Promise<SignalBackend> {
    return (this.#writes ?? this).backend();
  }
}

function refuseOutside(value: unknown, { limits, choices }: SignalFacts, name: string): void {
  const { low, high } = limits?.control ?? {};
  if (typeof value === 'number' && typeof low === 'number' && typeof high === 'number' && low < high) {
    if (value < low || value > high) throw new RangeError(`${name} must be from ${low} to ${high}, received ${value}`);
  }
  if (choices !== undefined && typeof value === 'string' && !choices.includes(value) && !/^\d+$/.test(value)) {
    throw new TypeError(`${name} must be one of ${choices.join(', ')}, received '${value}'`);
  }
}

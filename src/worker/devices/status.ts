import type { Status, WatchUpdate } from './protocols.ts';

export interface StatusOptions {
  /** What is under way, for texts: `'m1 moves to 1.5'`. */
  of?: string;
  /** Seconds until it has failed by itself; endless without. Counted from now, and extended by the settle time. */
  timeout?: number;
  /** Seconds that a success is held back; a failure is told at once. */
  settleTime?: number;
}

export class StatusTimeoutError extends Error {
  override readonly name = 'StatusTimeoutError';
}

/** Somebody said twice how a thing ended. */
export class InvalidState extends Error {
  override readonly name = 'InvalidState';
}

type Callback = (status: Status) => void;
type Watcher = (update: WatchUpdate) => void;

/**
 * One thing under way, as a device tells it.
 *
 * It begins as `pending` and is decided once, by `setFinished()`, `setException()` or its time-out; a success then
 * settles for a while, and only then is it `done`. A second decision is a bug of the device and throws `InvalidState`;
 * one late decision after the time-out is not, since the device cannot know, and is ignored.
 */
export class DeviceStatus implements Status {
  readonly #of: string;
  readonly #settleTime: number;
  #state: 'pending' | 'settling' | 'succeeded' | 'failed' = 'pending';
  #mayBeLate = false;
  #failure: Error | undefined;
  #timer: NodeJS.Timeout | undefined;
  #callbacks: Callback[] = [];
  #watchers: Watcher[] | undefined;
  #latest: WatchUpdate | undefined;
  #finished: Promise<void> | undefined;

  constructor(options: StatusOptions = {}) {
    this.#of = options.of ?? 'the operation';
    this.#settleTime = options.settleTime ?? 0;
    const { timeout } = options;
    if (timeout !== undefined) this.#timer = later(timeout + this.#settleTime, () => this.#timedOut(timeout));
  }

  /** What needs no time: done and successful from the start. */
  static finished(): DeviceStatus {
    const status = new DeviceStatus();
    status.setFinished();
    return status;
  }

  static failed(error: Error): DeviceStatus {
    const status = new DeviceStatus();
    status.setException(error);
    return status;
  }

  get done(): boolean {
    return this.#state === 'succeeded' || this.#state === 'failed';
  }

  get success(): boolean {
    return this.#state === 'succeeded';
  }

  exception(): Error | undefined {
    return this.#failure;
  }

  /** Rejects with what went wrong; nobody has to listen. */
  get finished(): Promise<void> {
    this.#finished ??= this.#promise();
    return this.#finished;
  }

  /** @throws InvalidState when it was already told how this ended */
  setFinished(): void {
    if (!this.#decide()) return;
    if (this.#settleTime <= 0) return this.#end('succeeded');
    this.#state = 'settling';
    this.#timer = later(this.#settleTime, () => this.#end('succeeded'));
  }

  /** @throws InvalidState when it was already told how this ended */
  setException(error: Error): void {
    if (!this.#decide()) return;
    this.#fail(error);
  }

  /** Runs at once when this is already done. */
  addCallback(callback: Callback): void {
    if (this.done) this.#tell(callback);
    else this.#callbacks.push(callback);
  }

  /** A watcher that comes late is told the latest progress at once. */
  watch(watcher: Watcher): void {
    if (this.done) return;
    (this.#watchers ??= []).push(watcher);
    if (this.#latest !== undefined) watcher(this.#latest);
  }

  /** Progress, for whoever watches. */
  progress(update: WatchUpdate): void {
    if (this.done) return;
    this.#latest = update;
    for (const watcher of this.#watchers ?? []) watcher(update);
  }

  /** Done when both are; the first failure is the failure of both. */
  and(other: Status): DeviceStatus {
    return both(this, other);
  }

  /** Whether this call decides; a call that comes after the time-out has passed is let by once. */
  #decide(): boolean {
    if (this.#state === 'pending') {
      clearTimeout(this.#timer);
      return true;
    }
    if (this.#mayBeLate) {
      this.#mayBeLate = false;
      return false;
    }
    throw new InvalidState(`It was already told how ${this.#of} ended: it ${this.#state}`);
  }

  #timedOut(timeout: number): void {
    this.#mayBeLate = true;
    this.#fail(new StatusTimeoutError(`${this.#of} did not end within ${timeout} s`));
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#end('failed');
  }

  #end(state: 'succeeded' | 'failed'): void {
    this.#state = state;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    this.#watchers = undefined;
    for (const callback of callbacks) this.#tell(callback);
  }

  /** A listener that throws must not keep the others from hearing, nor the device from going on. */
  #tell(callback: Callback): void {
    try {
      callback(this);
    } catch (error) {
      process.emitWarning(`A callback of ${this.#of} threw: ${String(error)}`);
    }
  }

  #promise(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.addCallback(() => (this.#failure === undefined ? resolve() : reject(this.#failure)));
    promise.catch(() => undefined); // a failure that nobody awaits must not end the process
    return promise;
  }
}

/** Done when both are; the first failure wins, and does not wait for the other. */
export function both(one: Status, other: Status): DeviceStatus {
  const joined = new DeviceStatus({ of: 'one of two' });
  const heard = (): void => {
    if (joined.done) return;
    const failed = [one, other].find((status) => status.done && !status.success);
    if (failed !== undefined) joined.setException(failed.exception() ?? new Error('it failed and gave no reason'));
    else if (one.done && other.done) joined.setFinished();
  };
  one.addCallback(heard);
  other.addCallback(heard);
  return joined;
}

const later = (seconds: number, action: () => void): NodeJS.Timeout => setTimeout(action, seconds * 1000);

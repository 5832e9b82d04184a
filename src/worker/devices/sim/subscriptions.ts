import type { Readings } from '../protocols.ts';

type Callback = (readings: Readings) => void;

/** Who wants to know of changes. Readings are made only when somebody does. */
export class Subscriptions {
  readonly #callbacks = new Set<Callback>();
  readonly #read: () => Readings;

  constructor(read: () => Readings) {
    this.#read = read;
  }

  /** Calls back at once with the present value. */
  add(callback: Callback): void {
    this.#callbacks.add(callback);
    callback(this.#read());
  }

  remove(callback: Callback): void {
    this.#callbacks.delete(callback);
  }

  tell(): void {
    if (this.#callbacks.size === 0) return;
    const readings = this.#read();
    for (const callback of this.#callbacks) callback(readings);
  }
}

/** Seconds since 1970, as readings carry them. */
export const now = (): number => Date.now() / 1000;

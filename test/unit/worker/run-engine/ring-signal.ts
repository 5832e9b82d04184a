import type { Readings } from '../../../../src/worker/devices/protocols.ts';

/** A signal of the machine, as a suspender subscribes to it. */
export class RingSignal {
  readonly name = 'ring';
  readonly listeners = new Set<(readings: Readings) => void>();
  #value: unknown;
  constructor(value: unknown) {
    this.#value = value;
  }
  subscribe(listener: (readings: Readings) => void): void {
    this.listeners.add(listener);
    listener(this.#readings());
  }
  clearSub(listener: (readings: Readings) => void): void {
    this.listeners.delete(listener);
  }
  put(value: unknown): void {
    this.#value = value;
    for (const listener of this.listeners) listener(this.#readings());
  }
  #readings(): Readings {
    return { ring: { value: this.#value, timestamp: 0 } };
  }
}

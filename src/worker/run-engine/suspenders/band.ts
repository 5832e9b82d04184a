import type { Subscribable } from '../../devices/protocols.ts';
import { Suspender, type SuspenderOptions } from './suspender.ts';

abstract class BandSuspender extends Suspender {
  readonly #bottom: number;
  readonly #top: number;

  /** @throws RangeError when the band is empty */
  constructor(signal: Subscribable, band: readonly [bottom: number, top: number], options: SuspenderOptions = {}) {
    super(signal, options);
    [this.#bottom, this.#top] = band;
    if (this.#bottom < this.#top) return;
    throw new RangeError(
      'The bottom of the band must be strictly less than the top of the band.\n' +
        `bottom: ${this.#bottom}\ttop: ${this.#top}`,
    );
  }

  protected isInside(value: unknown): boolean {
    return this.#bottom < Number(value) && Number(value) < this.#top;
  }

  protected describe(value: unknown, where: 'inside' | 'outside'): string {
    return `Signal ${this.signal.name} = ${String(value)} is ${where} of the range (${this.#bottom}, ${this.#top})`;
  }
}

/** Suspends while a number is outside of a band. */
export class SuspendWhenOutsideBand extends BandSuspender {
  protected shouldSuspend(value: unknown): boolean {
    return !this.isInside(value);
  }
  protected shouldResume(value: unknown): boolean {
    return this.isInside(value);
  }
  protected explain(value: unknown): string {
    return this.describe(value, 'outside');
  }
}

/** Suspends while a number is inside of a band. bluesky calls it deprecated, and profiles still have it. */
export class SuspendOutBand extends BandSuspender {
  protected shouldSuspend(value: unknown): boolean {
    return this.isInside(value);
  }
  protected shouldResume(value: unknown): boolean {
    return !this.isInside(value);
  }
  protected explain(value: unknown): string {
    return this.describe(value, 'inside');
  }
}

/** The former name of `SuspendWhenOutsideBand`. */
export const SuspendInBand = SuspendWhenOutsideBand;

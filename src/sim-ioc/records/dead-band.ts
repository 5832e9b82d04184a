import { CHANGE } from './field.ts';

/**
 * `MDEL` and `ADEL`: how far a value must go from the one last told before monitors (VALUE) and archivers (LOG) hear of
 * it. A negative dead-band tells every time; going to or from NaN always counts.
 */
export class DeadBand {
  readonly #monitorBand: () => number;
  readonly #archiveBand: () => number;
  #monitored: number;
  #archived: number;

  constructor(initial: number, monitorBand: () => number, archiveBand: () => number) {
    this.#monitored = initial;
    this.#archived = initial;
    this.#monitorBand = monitorBand;
    this.#archiveBand = archiveBand;
  }

  kindsOf(value: number): number {
    const isTold = exceeds(value, this.#monitored, this.#monitorBand());
    const isArchived = exceeds(value, this.#archived, this.#archiveBand());
    if (isTold) this.#monitored = value;
    if (isArchived) this.#archived = value;
    return (isTold ? CHANGE.VALUE : 0) | (isArchived ? CHANGE.LOG : 0);
  }
}

function exceeds(value: number, last: number, band: number): boolean {
  if (band < 0) return true;
  if (!Number.isFinite(value) || !Number.isFinite(last)) return !Object.is(value, last);
  return Math.abs(value - last) > band;
}

/**
 * A float whose value has no fraction, as `1.0` or `1e3` in JSON text: JavaScript has one kind of number, Python two,
 * and a plan can tell them apart. A float with a fraction (and NaN or an infinity) is a plain number.
 */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** The number as a view holds it: wrapped only where a plain number would read as an integer. */
  static of(value: number): number | PyFloat {
    return Number.isInteger(value) ? new PyFloat(value) : value;
  }
}

/** A value as JSON text gives it to Python. An integer beyond 2^53 is a bigint. */
export type PyValue = null | boolean | number | bigint | PyFloat | string | PyValue[] | PyDict;
export interface PyDict {
  [key: string]: PyValue;
}

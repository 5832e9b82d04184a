import { inspect } from 'node:util';

/**
 * `num` evenly spaced values from `start` to `stop`, both included. The arithmetic is numpy's, so that positions agree
 * with it to the last bit.
 * @throws TypeError for an end that is no number: a motor must not be sent to what comes of a text
 */
export function linspace(start: number, stop: number, num: number): number[] {
  for (const end of [start, stop]) {
    if (typeof end !== 'number') throw new TypeError(`A position must be a number, received ${inspect(end)}`);
  }
  const intervals = num - 1;
  const step = intervals > 0 ? (stop - start) / intervals : Number.NaN;
  const values = Array.from({ length: num }, (_, index) =>
    step === 0 || intervals === 0 ? start : index * step + start,
  );
  if (num > 1) values[num - 1] = stop;
  return values;
}

/** `num` values from 10^start to 10^stop, evenly spaced in their logarithm. */
export const logspace = (start: number, stop: number, num: number): number[] =>
  linspace(start, stop, num).map((exponent) => 10 ** exponent);

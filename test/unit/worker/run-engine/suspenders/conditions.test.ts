import { describe, expect, test } from 'vitest';
import {
  SuspendInBand,
  SuspendOutBand,
  SuspendWhenOutsideBand,
} from '../../../../../src/worker/run-engine/suspenders/band.ts';
import { SuspendWhenChanged } from '../../../../../src/worker/run-engine/suspenders/changed.ts';
import type { Suspender } from '../../../../../src/worker/run-engine/suspenders/suspender.ts';
import { SuspendCeil, SuspendFloor } from '../../../../../src/worker/run-engine/suspenders/threshold.ts';
import { RingSignal } from '../ring-signal.ts';

describe('conditions', () => {
  const engine = { state: 'idle' as const, requestSuspend: () => undefined };
  /** Whether it is tripped after each value. */
  const follow = (make: (signal: RingSignal) => Suspender, [first, ...values]: unknown[]): boolean[] => {
    const signal = new RingSignal(first);
    const suspender = make(signal);
    suspender.install(engine);
    return [suspender.tripped, ...values.map((value) => (signal.put(value), suspender.tripped))];
  };

  test.each([
    ['a floor', (s: RingSignal) => new SuspendFloor(s, 10), [11, 9.9, 10], [false, true, false]],
    [
      'a floor with a gap',
      (s: RingSignal) => new SuspendFloor(s, 10, { resumeThreshold: 20 }),
      [9, 15, 20, 15],
      [true, true, false, false],
    ],
    ['a ceiling', (s: RingSignal) => new SuspendCeil(s, 10), [9, 10.1, 10], [false, true, false]],
    [
      'a ceiling with a gap',
      (s: RingSignal) => new SuspendCeil(s, 10, { resumeThreshold: 5 }),
      [11, 7, 5],
      [true, true, false],
    ],
    [
      'outside of a band',
      (s: RingSignal) => new SuspendWhenOutsideBand(s, [1, 2]),
      [1.5, 2, 1.1, 1],
      [false, true, false, true],
    ],
    ['outside of a band, by its former name', (s: RingSignal) => new SuspendInBand(s, [1, 2]), [1.5, 3], [false, true]],
    ['inside of a band', (s: RingSignal) => new SuspendOutBand(s, [1, 2]), [1.5, 2, 1.1], [true, false, true]],
    [
      'a change for good',
      (s: RingSignal) => new SuspendWhenChanged(s, { expectedValue: 'A' }),
      ['A', 'B', 'A'],
      [false, true, true],
    ],
    [
      'a change',
      (s: RingSignal) => new SuspendWhenChanged(s, { expectedValue: 'A', allowResume: true }),
      ['A', 'B', 'A'],
      [false, true, false],
    ],
  ])('%s', (_what, make, values, tripped) => {
    expect(follow(make, values)).toEqual(tripped);
  });

  test('explain themselves', () => {
    const explain = (make: (signal: RingSignal) => Suspender, value: unknown): string => {
      const suspender = make(new RingSignal(value));
      suspender.install(engine);
      return suspender.justification;
    };
    expect(explain((s) => new SuspendFloor(s, 10), 9)).toBe(
      'Signal ring = 9 fell below 10 and has not yet crossed above 10.',
    );
    expect(explain((s) => new SuspendCeil(s, 10), 11)).toBe(
      'Signal ring = 11 went above 10 and has not yet crossed below 10.',
    );
    expect(explain((s) => new SuspendWhenOutsideBand(s, [1, 2]), 3)).toBe(
      'Signal ring = 3 is outside of the range (1, 2)',
    );
    expect(explain((s) => new SuspendOutBand(s, [1, 2]), 1.5)).toBe('Signal ring = 1.5 is inside of the range (1, 2)');
    expect(explain((s) => new SuspendWhenChanged(s, { expectedValue: 'A' }), 'B')).toContain(
      'got "B", expected "A".  "RE.abort()"',
    );
  });

  test('that contradict themselves are refused', () => {
    expect(() => new SuspendFloor(new RingSignal(0), 10, { resumeThreshold: 5 })).toThrow(
      'Resume threshold must be equal or greater',
    );
    expect(() => new SuspendCeil(new RingSignal(0), 10, { resumeThreshold: 15 })).toThrow(
      'Resume threshold must be equal or less',
    );
    expect(() => new SuspendWhenOutsideBand(new RingSignal(0), [2, 2])).toThrow(
      'The bottom of the band must be strictly less',
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { Readings } from '../../../../src/worker/devices/protocols.ts';
import { NoReplayAllowed } from '../../../../src/worker/run-engine/errors.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import {
  SuspendInBand,
  SuspendOutBand,
  SuspendWhenOutsideBand,
} from '../../../../src/worker/run-engine/suspenders/band.ts';
import { SuspendBoolHigh, SuspendBoolLow } from '../../../../src/worker/run-engine/suspenders/boolean.ts';
import { SuspendWhenChanged } from '../../../../src/worker/run-engine/suspenders/changed.ts';
import type { Suspender } from '../../../../src/worker/run-engine/suspenders/suspender.ts';
import { SuspendCeil, SuspendFloor } from '../../../../src/worker/run-engine/suspenders/threshold.ts';
import { Beamline, count, Detector, Motor, turn } from './beamline.ts';

/** A signal of the machine, as a suspender subscribes to it. */
class Signal {
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

/** Moves, sleeps a moment, and is done. */
function* work(motor: Motor): Plan<void> {
  yield msg('checkpoint');
  yield msg('set', motor, [1], { group: 'move' });
  yield msg('sleep', null, [0.02]);
}

describe('a suspender that trips while a plan runs', () => {
  test('stops what moves, runs its plans around the waiting, and has the work done again', async () => {
    const beamline = new Beamline({ recordInterruptions: true });
    const [signal, motor] = [new Signal(0), new Motor('m1')];
    beamline.engine.installSuspender(
      new SuspendBoolHigh(signal, {
        prePlan: () => [msg('null')],
        postPlan: [msg('RE_class')],
        trippedMessage: 'shutter',
      }),
    );
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield* work(motor);
    });
    await beamline.until('sleep');
    signal.put(1);
    await beamline.until('wait_for');
    expect(motor.calls).toEqual(['set 1', 'stop']);
    signal.put(0);
    expect(await running).toMatchObject({ exit_status: 'success', interrupted: false });

    expect(beamline.messages.join(' ')).toBe(
      [
        'open_run checkpoint set sleep',
        '_start_suspender rewindable null wait_for _resume_from_suspender RE_class rewindable',
        'set sleep',
      ].join(' '),
    );
    expect(beamline.states).toEqual(['running', 'suspending', 'running', 'idle']);
    expect(beamline.last('event')['data']).toEqual({ interruption: 'Signal ring is high: shutter' });
    expect(beamline.notices).toContain('Justification for this suspension:\nSignal ring is high: shutter');
  });

  test('aborts the plan where nothing can be replayed', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    beamline.engine.installSuspender(new SuspendBoolHigh(signal));
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('clear_checkpoint');
      yield msg('sleep', null, [60]);
    });
    await beamline.until('sleep');
    signal.put(1);
    expect(await running).toMatchObject({ exit_status: 'abort', interrupted: true });
    expect(beamline.states).toEqual(['running', 'aborting', 'idle']);
  });

  test('still holds the plan after a pause during the waiting', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    beamline.engine.installSuspender(new SuspendBoolHigh(signal));
    const running = beamline.engine.run(work(new Motor('m1')));
    await beamline.until('sleep');
    signal.put(1);
    await beamline.until('wait_for');
    beamline.engine.requestPause();
    await running;
    const resumed = beamline.engine.resume();
    await beamline.until('wait_for', 2);
    expect(beamline.messages).not.toContain('_resume_from_suspender');
    signal.put(0);
    expect(await resumed).toMatchObject({ exit_status: 'success' });
  });

  test('while it is paused takes effect before anything is done again', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    beamline.engine.installSuspender(new SuspendBoolHigh(signal));
    const running = beamline.engine.run(work(new Motor('m1')));
    await beamline.until('sleep');
    beamline.engine.requestPause();
    await running;
    signal.put(1);
    const before = beamline.messages.length;
    const resumed = beamline.engine.resume();
    await beamline.until('wait_for');
    signal.put(0);
    await resumed;
    expect(beamline.messages.slice(before).join(' ')).toBe(
      ['_start_suspender rewindable wait_for _resume_from_suspender rewindable', 'set sleep'].join(' '),
    );
  });

  test('has nothing done again where a device forbids it', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    const shy = Object.assign(new Motor('m1'), {
      pause: () => {
        throw new NoReplayAllowed();
      },
      resume: () => undefined,
    });
    beamline.engine.installSuspender(new SuspendBoolHigh(signal));
    const running = beamline.engine.run(work(shy));
    await beamline.until('sleep');
    signal.put(1);
    await beamline.until('wait_for');
    signal.put(0);
    await running;
    expect(beamline.messages.at(-1)).toBe('rewindable');
  });

  test('can be ended by an abort while it waits', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    beamline.engine.installSuspender(new SuspendBoolHigh(signal));
    const running = beamline.engine.run(work(new Motor('m1')));
    await beamline.until('sleep');
    signal.put(1);
    await beamline.until('wait_for');
    await beamline.engine.abort('no beam today');
    expect(await running).toMatchObject({ exit_status: 'abort', reason: 'no beam today' });
  });
});

describe('a suspender that is tripped before the plan', () => {
  test('lets the plan begin when it is released, after its sleep', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    const suspender = new SuspendBoolLow(signal, { sleep: 0.02 });
    beamline.engine.installSuspender(suspender);
    expect([suspender.tripped, suspender.justification]).toEqual([true, 'Signal ring is low']);
    const running = beamline.engine.run(count(new Detector()));
    await beamline.until('wait_for');
    const begun = performance.now();
    signal.put(1);
    await running;
    expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
    expect(beamline.notices[0]).toContain('1. Signal ring is low');
    expect(beamline.messages.slice(0, 2)).toEqual(['wait_for', 'open_run']);
  });

  test('lets go when it is removed', async () => {
    const beamline = new Beamline();
    const signal = new Signal(0);
    const suspender = new SuspendBoolLow(signal);
    beamline.engine.installSuspender(suspender);
    const running = beamline.engine.run(count(new Detector()));
    await beamline.until('wait_for');
    beamline.engine.clearSuspenders();
    expect(await running).toMatchObject({ exit_status: 'success' });
    expect([signal.listeners.size, beamline.engine.suspenders, suspender.justification]).toEqual([0, [], '']);
  });

  test('may be installed and removed by a plan', async () => {
    const beamline = new Beamline();
    const suspender = new SuspendBoolHigh(new Signal(0));
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('install_suspender', null, [suspender]);
    });
    expect(beamline.engine.suspenders).toEqual([suspender]);
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('remove_suspender', null, [suspender]);
    });
    expect(beamline.engine.suspenders).toEqual([]);
  });
});

describe('conditions', () => {
  const engine = { state: 'idle' as const, requestSuspend: () => undefined };
  /** Whether it is tripped after each value. */
  const follow = (make: (signal: Signal) => Suspender, [first, ...values]: unknown[]): boolean[] => {
    const signal = new Signal(first);
    const suspender = make(signal);
    suspender.install(engine);
    return [suspender.tripped, ...values.map((value) => (signal.put(value), suspender.tripped))];
  };

  test.each([
    ['a floor', (s: Signal) => new SuspendFloor(s, 10), [11, 9.9, 10], [false, true, false]],
    [
      'a floor with a gap',
      (s: Signal) => new SuspendFloor(s, 10, { resumeThreshold: 20 }),
      [9, 15, 20, 15],
      [true, true, false, false],
    ],
    ['a ceiling', (s: Signal) => new SuspendCeil(s, 10), [9, 10.1, 10], [false, true, false]],
    [
      'a ceiling with a gap',
      (s: Signal) => new SuspendCeil(s, 10, { resumeThreshold: 5 }),
      [11, 7, 5],
      [true, true, false],
    ],
    [
      'outside of a band',
      (s: Signal) => new SuspendWhenOutsideBand(s, [1, 2]),
      [1.5, 2, 1.1, 1],
      [false, true, false, true],
    ],
    ['outside of a band, by its former name', (s: Signal) => new SuspendInBand(s, [1, 2]), [1.5, 3], [false, true]],
    ['inside of a band', (s: Signal) => new SuspendOutBand(s, [1, 2]), [1.5, 2, 1.1], [true, false, true]],
    [
      'a change for good',
      (s: Signal) => new SuspendWhenChanged(s, { expectedValue: 'A' }),
      ['A', 'B', 'A'],
      [false, true, true],
    ],
    [
      'a change',
      (s: Signal) => new SuspendWhenChanged(s, { expectedValue: 'A', allowResume: true }),
      ['A', 'B', 'A'],
      [false, true, false],
    ],
  ])('%s', (_what, make, values, tripped) => {
    expect(follow(make, values)).toEqual(tripped);
  });

  test('explain themselves', () => {
    const explain = (make: (signal: Signal) => Suspender, value: unknown): string => {
      const suspender = make(new Signal(value));
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
    expect(() => new SuspendFloor(new Signal(0), 10, { resumeThreshold: 5 })).toThrow(
      'Resume threshold must be equal or greater',
    );
    expect(() => new SuspendCeil(new Signal(0), 10, { resumeThreshold: 15 })).toThrow(
      'Resume threshold must be equal or less',
    );
    expect(() => new SuspendWhenOutsideBand(new Signal(0), [2, 2])).toThrow(
      'The bottom of the band must be strictly less',
    );
  });
});

test('a suspension that trips again and again is one', async () => {
  const beamline = new Beamline();
  const signal = new Signal(0);
  beamline.engine.installSuspender(new SuspendCeil(signal, 1));
  const running = beamline.engine.run(work(new Motor('m1')));
  await beamline.until('sleep');
  for (const value of [2, 3, 4]) signal.put(value);
  await beamline.until('wait_for');
  await turn();
  signal.put(0);
  await running;
  expect(beamline.messages.filter((command) => command === '_start_suspender')).toHaveLength(1);
});

import { describe, expect, test } from 'vitest';
import { NoReplayAllowed } from '../../../../src/worker/run-engine/errors.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { SuspendBoolHigh, SuspendBoolLow } from '../../../../src/worker/run-engine/suspenders/boolean.ts';
import { SuspendCeil } from '../../../../src/worker/run-engine/suspenders/threshold.ts';
import { Beamline, count, Detector, Motor, turn } from './beamline.ts';
import { RingSignal } from './ring-signal.ts';

/** Moves, sleeps a moment, and is done. */
function* work(motor: Motor): Plan<void> {
  yield msg('checkpoint');
  yield msg('set', motor, [1], { group: 'move' });
  yield msg('sleep', null, [0.02]);
}

/** A plan that sleeps, and a suspender that watches whether the signal is high. */
async function working(motor = new Motor('m1')) {
  const beamline = new Beamline();
  const signal = new RingSignal(0);
  beamline.engine.installSuspender(new SuspendBoolHigh(signal));
  const running = beamline.engine.run(work(motor));
  await beamline.until('sleep');
  return { beamline, signal, running };
}

describe('a suspender that trips while a plan runs', () => {
  test('stops what moves, runs its plans around the waiting, and has the work done again', async () => {
    const beamline = new Beamline({ recordInterruptions: true });
    const [signal, motor] = [new RingSignal(0), new Motor('m1')];
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
    const signal = new RingSignal(0);
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
    const { beamline, signal, running } = await working();
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
    const { beamline, signal, running } = await working();
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
    const shy = Object.assign(new Motor('m1'), {
      pause: () => {
        throw new NoReplayAllowed();
      },
      resume: () => undefined,
    });
    const { beamline, signal, running } = await working(shy);
    signal.put(1);
    await beamline.until('wait_for');
    signal.put(0);
    await running;
    expect(beamline.messages.at(-1)).toBe('rewindable');
  });

  test('can be ended by an abort while it waits', async () => {
    const { beamline, signal, running } = await working();
    signal.put(1);
    await beamline.until('wait_for');
    await beamline.engine.abort('no beam today');
    expect(await running).toMatchObject({ exit_status: 'abort', reason: 'no beam today' });
  });
});

describe('a suspender that is tripped before the plan', () => {
  test('lets the plan begin when it is released, after its sleep', async () => {
    const beamline = new Beamline();
    const signal = new RingSignal(0);
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
    const signal = new RingSignal(0);
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
    const suspender = new SuspendBoolHigh(new RingSignal(0));
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

test('a suspension that trips again and again is one', async () => {
  const beamline = new Beamline();
  const signal = new RingSignal(0);
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

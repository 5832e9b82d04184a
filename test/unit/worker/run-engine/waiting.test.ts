import { describe, expect, test, vi } from 'vitest';
import type { Status } from '../../../../src/worker/devices/protocols.ts';
import { FailedStatus, WaitForTimeoutError } from '../../../../src/worker/run-engine/errors.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, Motor, turn } from './beamline.ts';

/** Yields the messages, and gives what each was answered, errors included. */
function* answers(...messages: ReturnType<typeof msg>[]): Plan<unknown[]> {
  const all: unknown[] = [];
  for (const message of messages) {
    try {
      all.push(yield message);
    } catch (error) {
      all.push(error);
    }
  }
  return all;
}

const set = (motor: Motor, group: string) => msg('set', motor, [1], { group });
const wait = (group: string, options = {}) => msg('wait', null, [], { group, ...options });

describe('a wait for a group', () => {
  test('ends when all of it is done, and at once when nothing is under way', async () => {
    const beamline = new Beamline();
    const [one, other] = [new Motor('m1'), new Motor('m2')];
    const running = beamline.engine.run(answers(set(one, 'A'), set(other, 'A'), wait('A'), wait('A'), wait('unknown')));
    await beamline.until('wait');
    one.arrive();
    await turn();
    expect(beamline.messages).toHaveLength(3);
    other.arrive();
    expect(await running).toMatchObject({ result: [{ success: true }, { success: true }, true, true, true] });
  });

  test('waits for its own group alone', async () => {
    const beamline = new Beamline();
    const [one, other] = [new Motor('m1'), new Motor('m2')];
    const running = beamline.engine.run(answers(set(one, 'A'), set(other, 'B'), wait('A')));
    await beamline.until('wait');
    one.arrive();
    expect(await running).toMatchObject({ kind: 'finished' });
    expect(other.moves[0]?.done).toBe(true); // stopped, at the end
  });

  test('is over with the first failure, which is thrown into the plan with its cause', async () => {
    const beamline = new Beamline();
    const [one, other] = [new Motor('m1'), new Motor('m2')];
    const why = new Error('limit switch');
    const running = beamline.engine.run(function* (): Plan<void> {
      yield set(one, 'A');
      yield set(other, 'A');
      yield wait('A');
      yield msg('null');
    });
    await beamline.until('wait');
    other.moves[0]?.setException(why);
    const outcome = await running;
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: 'limit switch' });
    expect((outcome as { error: FailedStatus }).error).toBeInstanceOf(FailedStatus);
    expect((outcome as { error: FailedStatus }).error.cause).toBe(why);
    expect(beamline.messages).not.toContain('null');
  });

  test('that takes too long fails, and can be made again', async () => {
    const beamline = new Beamline();
    const motor = new Motor('m1');
    const running = beamline.engine.run(answers(set(motor, 'A'), wait('A', { timeout: 0.01 }), wait('A')));
    await beamline.until('wait', 2);
    motor.arrive();
    expect(await running).toMatchObject({ result: [{}, expect.any(WaitForTimeoutError), true] });
  });

  test('may be given up without an error, again and again; its progress is shown once', async () => {
    const onProgress = vi.fn<(statuses: Status[] | null) => void>();
    const beamline = new Beamline({ onProgress });
    const motor = new Motor('m1');
    const brief = { timeout: 0.005, error_on_timeout: false };
    const running = beamline.engine.run(
      answers(set(motor, 'A'), wait('A', brief), wait('A', brief), wait('A', { error_on_timeout: false })),
    );
    await beamline.until('wait', 3);
    motor.arrive();
    expect(await running).toMatchObject({ result: [{}, false, false, true] });
    expect(onProgress.mock.calls).toEqual([[[motor.moves[0]]], [null]]);
  });

  test('ends when a group that it watches fails', async () => {
    const beamline = new Beamline();
    const [flyer, pump] = [new Motor('flyer'), new Motor('pump')];
    const running = beamline.engine.run(
      answers(set(flyer, 'fly'), set(pump, 'vacuum'), wait('fly', { watch: ['vacuum'] })),
    );
    await beamline.until('wait');
    pump.moves[0]?.setException(new Error('pressure'));
    expect(await running).toMatchObject({ result: [{}, {}, { name: 'FailedStatus', message: 'pressure' }] });
  });

  test('ends at once when a group that it watches had failed before', async () => {
    const beamline = new Beamline();
    const [flyer, pump] = [new Motor('flyer'), new Motor('pump')];
    pump.set = () => {
      const status = Motor.prototype.set.call(pump, 0);
      status.setException(new Error('pressure'));
      return status;
    };
    const running = beamline.engine.run(
      answers(set(pump, 'vacuum'), set(flyer, 'fly'), wait('fly', { watch: ['vacuum'] })),
    );
    const failure = { name: 'FailedStatus', message: 'pressure' };
    // The first is told at the next message, whoever waits for it; then the watching finds it again.
    expect(await running).toMatchObject({ result: [failure, {}, failure] });
  });
});

describe('a status that fails', () => {
  test('is thrown into the plan at its next message though nobody waits for it', async () => {
    const beamline = new Beamline();
    const motor = new Motor('m1');
    const running = beamline.engine.run(answers(set(motor, 'A'), msg('sleep', null, [0.01]), msg('null')));
    await beamline.until('sleep');
    motor.moves[0]?.setException(new Error('stalled'));
    expect(await running).toMatchObject({ result: [{}, { name: 'FailedStatus', message: 'stalled' }, undefined] });
  });

  test('twice is told once', async () => {
    const beamline = new Beamline();
    const callbacks: (() => void)[] = [];
    const twice = {
      done: false,
      success: false,
      exception: () => new Error('stalled'),
      addCallback: (callback: () => void) => callbacks.push(callback),
    };
    const device = { name: 'm', set: () => twice };
    const running = beamline.engine.run(
      answers(msg('set', device, [1]), msg('sleep', null, [0.005]), msg('sleep', null, [0.005]), msg('null')),
    );
    await beamline.until('sleep');
    for (const callback of callbacks) callback();
    await beamline.until('sleep', 2);
    for (const callback of callbacks) callback();
    expect(await running).toMatchObject({ result: [{}, { message: 'stalled' }, undefined, undefined] });
  });

  test('without a reason still says so', async () => {
    const beamline = new Beamline();
    const silent = { done: true, success: false, exception: () => undefined, addCallback: (f: () => void) => f() };
    const outcome = await beamline.engine.run(answers(msg('set', { name: 'm', set: () => silent }, [1]), msg('null')));
    expect(outcome).toMatchObject({ result: [{ message: 'A status failed and gave no reason' }, undefined] });
  });
});

describe('waiting for something else', () => {
  test('wait_for tells how each ended, and fails when the time is up', async () => {
    const { engine } = new Beamline();
    const all = [async () => 1, async () => Promise.reject(new Error('no')), () => 3];
    const never = [() => new Promise(() => undefined)];
    const outcome = await engine.run(
      answers(msg('wait_for', null, [all]), msg('wait_for', null, [never], { timeout: 0.005 })),
    );
    expect(outcome).toMatchObject({
      result: [
        [{ value: 1 }, { status: 'rejected', reason: { message: 'no' } }, { value: 3 }],
        expect.any(WaitForTimeoutError),
      ],
    });
  });

  test('a sleep lasts its time, one of nothing takes none, and what is no number is refused', async () => {
    const { engine } = new Beamline();
    const begun = performance.now();
    const outcome = await engine.run(
      answers(msg('sleep', null, [0.02]), msg('sleep', null, [0]), msg('sleep', null, ['long'])),
    );
    expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
    expect(outcome).toMatchObject({
      result: [undefined, undefined, { message: 'A sleep takes a number of seconds, received long' }],
    });
  });
});

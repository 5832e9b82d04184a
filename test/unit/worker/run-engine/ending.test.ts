import { describe, expect, test, vi } from 'vitest';
import { DeviceStatus } from '../../../../src/worker/devices/status.ts';
import { PlanHalt, RequestAbort, RequestStop } from '../../../../src/worker/run-engine/errors.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, Detector, Motor } from './beamline.ts';

/** Sleeps in a run; what it was told, and how far its clean-up came, is in the log. */
function* sleeper(log: unknown[], waiting = msg('sleep', null, [60])): Plan<void> {
  yield msg('open_run');
  try {
    yield waiting;
  } catch (error) {
    log.push((error as Error).constructor);
    if (error instanceof PlanHalt) throw error;
    yield msg('null');
    log.push('cleaned up');
    throw error;
  }
}

const asked = [
  ['stop', RequestStop, 'success', true],
  ['abort', RequestAbort, 'abort', true],
  ['halt', PlanHalt, 'abort', false],
] as const;

describe.each(['running', 'paused'] as const)('a plan that is %s', (state) => {
  test.each(asked)('ends by %s', async (how, thrown, exitStatus, cleansUp) => {
    const beamline = new Beamline();
    const log: unknown[] = [];
    const running = beamline.engine.run(sleeper(log));
    await beamline.until('sleep');
    if (state === 'paused') {
      beamline.engine.requestPause();
      await running;
    }

    const outcome = await beamline.engine[how]();

    expect(log).toEqual(cleansUp ? [thrown, 'cleaned up'] : [thrown]);
    expect(outcome).toMatchObject({ kind: 'finished', exit_status: exitStatus, interrupted: true });
    expect(beamline.last('stop')).toMatchObject({ exit_status: exitStatus });
    expect(beamline.states.slice(-2)).toEqual([{ stop: 'stopping', abort: 'aborting', halt: 'halting' }[how], 'idle']);
    if (state === 'running') expect(await running).toBe(outcome);
  });
});

describe('an end', () => {
  test('carries the reason of an abort into the stop document and the outcome', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(sleeper([]));
    await beamline.until('sleep');
    await beamline.engine.abort('no beam');
    expect(await running).toMatchObject({ exit_status: 'abort', reason: 'no beam' });
    expect(beamline.last('stop')).toMatchObject({ reason: 'no beam' });
  });

  test('by a clean-up that fails is a failure', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      try {
        yield msg('sleep', null, [60]);
      } finally {
        yield msg('aardvark');
      }
    });
    await beamline.until('sleep');
    await beamline.engine.abort();
    expect(await running).toMatchObject({ exit_status: 'fail', reason: 'aardvark', interrupted: true });
  });

  test('by an abort is an abort even when the plan returns as if nothing had been', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan {
      try {
        yield msg('sleep', null, [60]);
      } catch {
        return 'swallowed';
      }
      return 'slept';
    });
    await beamline.until('sleep');
    await beamline.engine.abort();
    expect(await running).toMatchObject({ exit_status: 'abort', result: 'swallowed' });
  });

  test('by a halt is told to each plan once, and what they would still do is not done', async () => {
    const beamline = new Beamline();
    const told = vi.fn();
    const running = beamline.engine.run(function* (): Plan {
      for (;;) {
        try {
          yield msg('sleep', null, [60]);
        } catch (error) {
          told(error);
        }
      }
    });
    await beamline.until('sleep');
    expect(await beamline.engine.halt()).toMatchObject({ exit_status: 'abort' });
    await running;
    expect(told).toHaveBeenCalledOnce();
    expect(beamline.messages).toEqual(['sleep']);
  });

  test('by a halt stays one though the plan answers it with an error', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      try {
        yield msg('sleep', null, [60]);
      } catch {
        throw new Error('not now');
      }
    });
    await beamline.until('sleep');
    expect(await beamline.engine.halt()).toMatchObject({ exit_status: 'abort', reason: '' });
    await running;
  });

  test('is refused twice, but a halt goes over an abort whose clean-up hangs', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      try {
        yield msg('sleep', null, [60]);
      } finally {
        yield msg('wait_for', null, [[() => new Promise(() => undefined)]]);
      }
    });
    await beamline.until('sleep');
    void beamline.engine.abort();
    await beamline.until('wait_for');
    await expect(beamline.engine.stop()).rejects.toThrow(
      "Run Engine is in 'aborting' state and can not go on to 'stopping'.",
    );
    await beamline.engine.halt();
    expect(await running).toMatchObject({ exit_status: 'abort' });
    expect(beamline.states).toEqual(['running', 'aborting', 'halting', 'idle']);
  });
});

describe('after the plan, however it ended,', () => {
  test('what was moved is stopped, what is staged is unstaged, last first, and failures are told and left behind', async () => {
    const beamline = new Beamline();
    const log: string[] = [];
    const staged = (name: string) => ({
      name,
      stage: () => [],
      unstage: () => {
        log.push(name);
        return [];
      },
    });
    const motors = [new Motor('m1'), new Motor('m2')] as const;
    motors[0].stop = () => {
      throw new Error('stuck');
    };
    await beamline.engine.run(function* (): Plan {
      for (const device of ['first', 'second', 'third'].map(staged)) yield msg('stage', device);
      for (const motor of motors) yield msg('set', motor, [1]);
      throw new Error('boom');
    });
    expect(motors[1].calls).toEqual(['set 1', 'stop']);
    expect(log).toEqual(['third', 'second', 'first']);
    expect(beamline.errors).toEqual(['Failed to stop m1: stuck']);
  });

  test('flyers that were kicked off are collected', async () => {
    const beamline = new Beamline();
    const flyer = {
      name: 'flyer',
      kickoff: () => DeviceStatus.finished(),
      complete: () => DeviceStatus.finished(),
      describeCollect: () => ({ fly: new Detector('x').describe() }),
      collect: () => [{ data: { x: 1 }, timestamps: { x: 1 }, time: 1 }],
    };
    await beamline.engine.run(function* (): Plan {
      yield msg('open_run');
      yield msg('kickoff', flyer);
      throw new Error('boom');
    });
    expect(beamline.names).toEqual(['start', 'descriptor', 'event_page', 'stop']);
  });

  test('a status that still fails is nobody’s concern', async () => {
    const beamline = new Beamline();
    const motor = new Motor('m1');
    motor.stop = () => undefined;
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('set', motor, [1]);
    });
    motor.moves[0]?.setException(new Error('late'));
    expect(
      await beamline.engine.run(function* (): Plan<void> {
        yield msg('null');
      }),
    ).toMatchObject({ exit_status: 'success' });
  });
});

describe('an emergency', () => {
  const within = async <T>(promise: Promise<T>): Promise<[T, number]> => {
    const begun = performance.now();
    return [await promise, performance.now() - begun];
  };
  const never = (): Promise<never> => new Promise(() => undefined);

  test('with nothing under way has nothing to halt', async () => {
    expect(await new Beamline().engine.emergencyHalt()).toBeNull();
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('stuck');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('stuck'))],
    ['never answers', never],
  ])('is answered within a second though a motor that is to stop %s', async (_how, stop) => {
    const beamline = new Beamline();
    const [bad, good] = [Object.assign(new Motor('bad'), { stop: vi.fn(stop) }), new Motor('good')];
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      for (const motor of [bad, good]) yield msg('set', motor, [1], { group: 'move' });
      yield msg('wait', null, [], { group: 'move' });
    });
    await beamline.until('wait');

    const [outcome, took] = await within(beamline.engine.emergencyHalt('smoke'));

    expect(outcome).toMatchObject({ kind: 'finished', exit_status: 'abort', reason: 'smoke' });
    expect(took).toBeLessThan(1_000);
    expect(bad.stop).toHaveBeenCalled();
    expect(good.calls).toContain('stop');
    expect(beamline.last('stop')).toMatchObject({ exit_status: 'abort', reason: 'smoke' });
    expect(beamline.engine.state).toBe('idle');
    expect(beamline.errors).toHaveLength(1);
    await running;
  });

  test.each([
    ['read() never answers', msg('read', { name: 'd', read: never, describe: () => ({}) })],
    ['a command never ends', msg('wait_for', null, [[never]])],
    ['it sleeps', msg('sleep', null, [3_600])],
  ])('reaches a plan where %s', async (_what, message) => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      yield message;
    });
    await beamline.until(message.command);
    const [outcome, took] = await within(beamline.engine.emergencyHalt());
    expect(outcome).toMatchObject({ exit_status: 'abort' });
    expect(took).toBeLessThan(1_000);
    await running;
  });

  test('goes over a pause, a clean-up, and the putting at rest that hang', async () => {
    for (const hang of ['pause', 'paused', 'clean-up', 'rest'] as const) {
      const beamline = new Beamline();
      const motor = Object.assign(new Motor('m'), { stop: never });
      const running = beamline.engine.run(function* (): Plan {
        yield msg('set', motor, [1]);
        try {
          if (hang === 'rest') return;
          yield msg('sleep', null, [60]);
        } finally {
          if (hang === 'clean-up') yield msg('wait_for', null, [[never]]);
        }
      });
      await beamline.until(hang === 'rest' ? 'set' : 'sleep');
      if (hang === 'pause') beamline.engine.requestPause();
      if (hang === 'clean-up') void beamline.engine.abort();
      if (hang === 'clean-up') await beamline.until('wait_for');
      if (hang === 'paused') {
        motor.stop = async () => undefined as never;
        beamline.engine.requestPause();
        await running;
        motor.stop = never;
      }
      const [outcome, took] = await within(beamline.engine.emergencyHalt());
      expect([hang, outcome?.kind, beamline.engine.state]).toEqual([hang, 'finished', 'idle']);
      expect(took).toBeLessThan(1_000);
      await running;
    }
  });

  test('is not troubled by a device that reports its end twice', async () => {
    const beamline = new Beamline();
    const callbacks: (() => void)[] = [];
    const twice = {
      done: false,
      success: false,
      exception: () => new Error('x'),
      addCallback: (f: () => void) => callbacks.push(f),
    };
    const motor = {
      name: 'm',
      set: () => twice,
      stop: () =>
        callbacks.forEach((callback) => {
          callback();
          callback();
        }),
    };
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('set', motor, [1], { group: 'g' });
      yield msg('wait', null, [], { group: 'g' });
    });
    await beamline.until('wait');
    expect(await beamline.engine.emergencyHalt()).toMatchObject({ exit_status: 'abort' });
    await running;
    expect(
      await beamline.engine.run(function* (): Plan<void> {
        yield msg('null');
      }),
    ).toMatchObject({ exit_status: 'success' });
  });
});

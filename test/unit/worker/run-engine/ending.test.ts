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

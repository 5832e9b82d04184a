import { describe, expect, test, vi } from 'vitest';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, Motor } from './beamline.ts';

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

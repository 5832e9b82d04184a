import { describe, expect, test, vi } from 'vitest';
import type { Readings } from '../../../../src/worker/devices/protocols.ts';
import { NoReplayAllowed } from '../../../../src/worker/run-engine/errors.ts';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, count, Detector, Motor, shot } from './beamline.ts';

function* moveAndShoot(motor: Motor, detector: Detector): Plan<void> {
  yield msg('open_run');
  yield msg('checkpoint');
  yield msg('set', motor, [1], { group: 'move' });
  yield msg('wait', null, [], { group: 'move' });
  yield* shot(detector);
  yield msg('close_run');
}

describe('a pause', () => {
  test('stops what moves, and a resume does again what was done since the checkpoint', async () => {
    // Given a motor under way
    const beamline = new Beamline();
    const motor = new Motor('m1');
    const running = beamline.engine.run(moveAndShoot(motor, new Detector()));
    await beamline.until('wait');

    // When it is paused, and resumed
    beamline.engine.requestPause();
    expect(await running).toMatchObject({ kind: 'paused', scan_ids: [1] });
    expect([beamline.engine.state, motor.calls]).toEqual(['paused', ['set 1', 'stop']]);
    const resumed = beamline.engine.resume();
    await beamline.until('wait', 2);
    motor.arrive();

    // Then the move was done again, and the run is one
    expect(await resumed).toMatchObject({ kind: 'finished', exit_status: 'success' });
    expect(motor.calls).toEqual(['set 1', 'stop', 'set 1', 'stop']);
    expect(beamline.names).toEqual(['start', 'descriptor', 'event', 'stop']);
    expect(beamline.states).toEqual(['running', 'pausing', 'paused', 'running', 'idle']);
  });

  test('takes numbers of events back to the checkpoint, those of interruptions not', async () => {
    const beamline = new Beamline({ recordInterruptions: true });
    const detector = new Detector();
    const plan = function* (): Plan<void> {
      yield msg('open_run');
      yield msg('checkpoint');
      yield* shot(detector);
      yield msg('pause');
      yield* shot(detector);
      yield msg('close_run');
    };
    await beamline.engine.run(plan);
    await beamline.engine.resume();
    const descriptors = new Map(beamline.all('descriptor').map(({ uid, name }) => [uid, name]));
    expect(
      beamline.all('event').map(({ seq_num, descriptor, data }) => [descriptors.get(descriptor), seq_num, data]),
    ).toEqual([
      ['primary', 1, { det: 1 }],
      ['interruptions', 1, { interruption: 'pause' }],
      ['interruptions', 2, { interruption: 'resume' }],
      ['primary', 1, { det: 2 }],
      ['primary', 2, { det: 3 }],
    ]);
    expect(beamline.last('stop')['num_events']).toEqual({ interruptions: 2, primary: 2 });
  });

  test('that is deferred is taken at the next checkpoint', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('sleep', null, [0.01]);
      yield msg('null');
      yield msg('checkpoint');
      yield msg('RE_class');
    });
    await beamline.until('sleep');
    beamline.engine.requestPause(true);
    expect([beamline.engine.state, beamline.engine.deferredPauseRequested]).toEqual(['running', true]);
    expect(await running).toMatchObject({ kind: 'paused' });
    expect([beamline.messages.at(-1), beamline.engine.deferredPauseRequested]).toEqual(['checkpoint', false]);
    await beamline.engine.resume();
    expect(beamline.messages.at(-1)).toBe('RE_class');
  });

  test('that is deferred beyond the last checkpoint does not come, and is forgotten by the next plan', async () => {
    const beamline = new Beamline();
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('sleep', null, [0.01]);
    });
    await beamline.until('sleep');
    beamline.engine.requestPause(true);
    expect(await running).toMatchObject({ kind: 'finished', exit_status: 'success' });
    expect(beamline.engine.deferredPauseRequested).toBe(true);
    expect(await beamline.engine.run(count(new Detector()))).toMatchObject({ kind: 'finished' });
    expect(beamline.engine.deferredPauseRequested).toBe(false);
  });

  test('where nothing can be replayed ends the plan as aborted', async () => {
    const beamline = new Beamline();
    const cleanedUp = vi.fn();
    const outcome = await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield msg('clear_checkpoint');
      try {
        yield msg('pause');
        yield msg('null');
      } finally {
        cleanedUp();
      }
    });
    expect(outcome).toMatchObject({ kind: 'finished', exit_status: 'abort', reason: '', interrupted: true });
    expect(beamline.states).toEqual(['running', 'pausing', 'aborting', 'idle']);
    expect(cleanedUp).toHaveBeenCalledOnce();
  });

  test('reaches a plan that never waits', async () => {
    const beamline = new Beamline();
    setTimeout(() => beamline.engine.requestPause(), 5);
    const outcome = await beamline.engine.run(function* (): Plan {
      for (;;) yield msg('checkpoint');
    });
    expect(outcome).toMatchObject({ kind: 'paused' });
    await beamline.engine.halt();
  });

  test('abandons the command in progress and tells it by its signal', async () => {
    const beamline = new Beamline();
    const aborted = vi.fn();
    beamline.engine.registerCommand('forever', (_msg, _workings, { signal }) => {
      signal.addEventListener('abort', aborted);
      return new Promise(() => undefined);
    });
    const running = beamline.engine.run(function* (): Plan<void> {
      yield msg('forever');
    });
    await beamline.until('forever');
    beamline.engine.requestPause();
    expect(await running).toMatchObject({ kind: 'paused' });
    expect(aborted).toHaveBeenCalledOnce();
    await beamline.engine.abort();
  });

  test('gives up an open bundle, which is read again', async () => {
    const beamline = new Beamline();
    const detector = new Detector();
    const plan = function* (): Plan<void> {
      yield msg('open_run');
      yield msg('checkpoint');
      yield msg('create', null, [], { name: 'primary' });
      yield msg('pause');
      yield msg('read', detector);
      yield msg('save');
      yield msg('close_run');
    };
    await beamline.engine.run(plan);
    expect(await beamline.engine.resume()).toMatchObject({ exit_status: 'success' });
    expect(beamline.names).toEqual(['start', 'descriptor', 'event', 'stop']);
  });

  test('tells the devices that were seen, both ways; one that forbids a replay is heard', async () => {
    const beamline = new Beamline();
    const told: string[] = [];
    const shy = {
      name: 'shy',
      pause: () => {
        told.push('pause');
        throw new NoReplayAllowed();
      },
      resume: () => void told.push('resume'),
    };
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('null', shy);
      yield msg('RE_class');
      yield msg('pause');
      yield msg('checkpoint');
    });
    await beamline.engine.resume();
    expect(told).toEqual(['pause', 'resume']);
    expect(beamline.messages).toEqual(['null', 'RE_class', 'pause', 'checkpoint']);
  });

  test('is not held back by a device that fails, nor a resume: but then the plan fails', async () => {
    const beamline = new Beamline();
    const broken = {
      name: 'broken',
      pause: () => {
        throw new Error('cannot pause');
      },
      resume: async () => Promise.reject(new Error('cannot resume')),
    };
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('null', broken);
      yield msg('pause');
      yield msg('null');
    });
    expect([beamline.engine.state, beamline.errors]).toEqual(['paused', ['Failed to pause broken: cannot pause']]);
    expect(await beamline.engine.resume()).toMatchObject({
      exit_status: 'fail',
      reason: 'Failed to resume broken: cannot resume',
    });
  });

  test('quiets monitors, and a resume brings them back', async () => {
    const listeners = new Set<(readings: Readings) => void>();
    const signal = Object.assign(new Detector('beam'), {
      subscribe: (listener: (readings: Readings) => void) => {
        listeners.add(listener);
        listener(signal.read());
      },
      clearSub: (listener: (readings: Readings) => void) => listeners.delete(listener),
    });
    const beamline = new Beamline();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
      yield msg('monitor', signal, [], { name: 'beam_monitor' });
      yield msg('checkpoint');
      yield msg('pause');
      yield msg('unmonitor', signal);
      yield msg('close_run');
    });
    expect(listeners.size).toBe(0);
    await beamline.engine.resume();
    expect(beamline.all('event')).toHaveLength(2);
    expect([listeners.size, beamline.last('stop')['num_events']]).toEqual([0, { beam_monitor: 2 }]);
  });

  test('can be asked for again while the plan goes on', async () => {
    const beamline = new Beamline();
    const plan = function* (): Plan<void> {
      for (let pauses = 0; pauses < 3; pauses += 1) {
        yield msg('checkpoint');
        yield msg('pause');
      }
    };
    let outcome = await beamline.engine.run(plan);
    for (let pauses = 1; pauses <= 3; pauses += 1) {
      expect(outcome.kind).toBe('paused');
      outcome = await beamline.engine.resume();
    }
    expect(outcome).toMatchObject({ kind: 'finished', exit_status: 'success' });
  });

  test('after a run was closed does not read into that run again', async () => {
    const beamline = new Beamline();
    const motor = new Motor('m1');
    const running = beamline.engine.run(function* (): Plan<void> {
      yield* count(new Detector());
      yield msg('set', motor, [3], { group: 'move' });
      yield msg('wait', null, [], { group: 'move' });
    });
    await beamline.until('wait', 2);
    beamline.engine.requestPause();
    await running;
    const resumed = beamline.engine.resume();
    await beamline.until('wait', 4);
    motor.arrive();
    expect(await resumed).toMatchObject({ exit_status: 'success' });
    expect(motor.calls).toEqual(['set 3', 'stop', 'set 3', 'stop']);
  });

  test('replays nothing of what is marked as not rewindable', async () => {
    const beamline = new Beamline();
    const outcome = beamline.engine.run(function* (): Plan {
      yield msg('RE_class');
      yield msg('rewindable', null, [false]);
      yield msg('RE_class');
      const isRewindable: unknown = yield msg('rewindable', null, [null]);
      yield msg('pause');
      return isRewindable;
    });
    await outcome;
    expect(await beamline.engine.resume()).toMatchObject({ result: false });
    expect(beamline.messages.filter((command) => command === 'RE_class')).toHaveLength(2);
  });
});

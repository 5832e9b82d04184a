import { describe, expect, test, vi } from 'vitest';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, count, Detector, shot, turn } from './beamline.ts';

describe('a plan that ends by itself', () => {
  test('gives start, descriptor, events and stop, in this order', async () => {
    const { engine, names } = new Beamline();
    const beamline = new Beamline();
    const outcome = await beamline.engine.run(count(new Detector(), 2));

    expect(beamline.names).toEqual(['start', 'descriptor', 'event', 'event', 'stop']);
    const { uid } = beamline.last('start');
    expect(beamline.last('descriptor')).toMatchObject({
      run_start: uid,
      name: 'primary',
      hints: { det: { fields: ['det'] } },
    });
    expect(beamline.all('event').map(({ seq_num, data }) => [seq_num, data])).toEqual([
      [1, { det: 1 }],
      [2, { det: 2 }],
    ]);
    expect(beamline.last('stop')).toMatchObject({
      run_start: uid,
      exit_status: 'success',
      reason: '',
      num_events: { primary: 2 },
    });
    expect(outcome).toEqual({
      kind: 'finished',
      exit_status: 'success',
      reason: '',
      interrupted: false,
      result: undefined,
      run_uids: [uid],
      scan_ids: [1],
    });
    expect([engine.state, names]).toEqual(['idle', []]);
    expect(beamline.states).toEqual(['running', 'idle']);
  });

  test('gives what it returned', async () => {
    const { engine } = new Beamline();
    const outcome = await engine.run(function* (): Plan {
      const answer: unknown = yield msg('null');
      return [answer, 42];
    });
    expect(outcome).toMatchObject({ result: [undefined, 42] });
  });

  test('closes what it left open', async () => {
    const beamline = new Beamline();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('open_run');
    });
    expect(beamline.last('stop')).toMatchObject({ exit_status: 'success', num_events: {} });
  });

  test('need not open a run', async () => {
    const beamline = new Beamline();
    expect(await beamline.engine.run(shot(new Detector()))).toMatchObject({ exit_status: 'fail' });
    expect(beamline.names).toEqual([]);
    expect(await beamline.engine.run(function* (): Plan<void> {})).toMatchObject({
      exit_status: 'success',
      run_uids: [],
    });
  });
});

describe('a plan that fails', () => {
  test('ends its run as failed, with the reason, and the error is in the outcome', async () => {
    const beamline = new Beamline();
    const boom = new RangeError('boom');
    const outcome = await beamline.engine.run(function* (): Plan {
      yield msg('open_run');
      throw boom;
    });
    expect(outcome).toMatchObject({ exit_status: 'fail', reason: 'boom', error: boom, interrupted: false });
    expect(beamline.last('stop')).toMatchObject({ exit_status: 'fail', reason: 'boom' });
  });

  test.each([
    ['an unknown command', msg('aardvark'), 'InvalidCommand', 'aardvark'],
    ['no message at all', 17 as never, 'InvalidCommand', 'A plan must yield messages, received 17'],
    [
      'what a device cannot do',
      msg('set', new Detector(), [1]),
      'TypeError',
      'det does not implement all Movable methods',
    ],
    [
      'a device that starts nothing',
      msg('set', { name: 'm', set: () => 1 }, [1]),
      'TypeError',
      '1 does not implement all Status methods',
    ],
    ['input without a terminal', msg('input'), 'Error', expect.stringContaining('a person at a terminal')],
  ])('by yielding %s is told so where it yielded it', async (_what, message, name, text) => {
    const { engine } = new Beamline();
    const outcome = await engine.run(function* (): Plan {
      try {
        yield message;
      } catch (error) {
        return error;
      }
      return 'no error';
    });
    expect(outcome).toMatchObject({ result: { name, message: text } });
  });

  test('by a device that answers late or never is told the same way', async () => {
    const { engine } = new Beamline();
    const broken = { name: 'broken', read: async () => Promise.reject(new Error('no light')), describe: () => ({}) };
    expect(
      await engine.run(function* (): Plan<void> {
        yield msg('read', broken);
      }),
    ).toMatchObject({ reason: 'no light' });
  });
});

describe('the RunEngine', () => {
  test('runs one plan at a time, and refuses requests that do not fit its state', async () => {
    const beamline = new Beamline();
    const { engine } = beamline;
    await expect(engine.resume()).rejects.toThrow(
      'The RunEngine is the idle state. You can only resume for the paused state.',
    );
    await expect(engine.abort()).rejects.toThrow('RunEngine is already idle.');
    expect(() => engine.requestPause()).toThrow("Run Engine is in 'idle' state and can not be paused.");

    const running = engine.run(function* (): Plan<void> {
      yield msg('sleep', null, [60]);
    });
    await expect(engine.run(count(new Detector()))).rejects.toThrow('The RunEngine is in a running state');
    await beamline.until('sleep');
    await engine.stop();
    expect(await running).toMatchObject({ exit_status: 'success', interrupted: true });
  });

  test('lets subscribers hear documents, by name, until they leave; their failures change nothing', async () => {
    const beamline = new Beamline();
    const [starts, all] = [
      vi.fn(),
      vi.fn(() => {
        throw new Error('bad subscriber');
      }),
    ];
    beamline.engine.subscribe(starts, 'start');
    const token = beamline.engine.subscribe(all);
    expect(await beamline.engine.run(count(new Detector()))).toMatchObject({ exit_status: 'success' });
    beamline.engine.unsubscribe(token);
    await beamline.engine.run(count(new Detector()));
    expect(starts).toHaveBeenCalledTimes(2);
    expect(all).toHaveBeenCalledTimes(4);
    expect(beamline.errors).toEqual(Array.from({ length: 4 }, () => 'bad subscriber'));
  });

  test('ends a plan whose documents cannot be kept', async () => {
    const full = new Error('disk full');
    const { engine } = new Beamline({
      onDocument: (name) => {
        if (name === 'event') throw full;
      },
    });
    expect(await engine.run(count(new Detector()))).toMatchObject({ exit_status: 'fail', error: full });
  });

  test('forgets what a plan subscribed when it ends', async () => {
    const beamline = new Beamline();
    const heard = vi.fn();
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('subscribe', null, [heard, 'stop']);
      const token: unknown = yield msg('subscribe', null, [heard]);
      yield msg('unsubscribe', null, [token]);
      yield* count(new Detector());
    });
    await beamline.engine.run(count(new Detector()));
    expect(heard).toHaveBeenCalledOnce();
  });

  test('wraps plans in its preprocessors, the first one innermost', async () => {
    const beamline = new Beamline();
    const before = (command: string) =>
      function* (plan: Plan): Plan {
        yield msg(command);
        return yield* plan;
      };
    beamline.engine.preprocessors.push(before('null'), before('RE_class'));
    await beamline.engine.run(function* (): Plan<void> {
      yield msg('checkpoint');
    });
    expect(beamline.messages).toEqual(['RE_class', 'null', 'checkpoint']);
  });

  test('tells which runs there are, as they open and close', async () => {
    const onRuns = vi.fn();
    const { engine } = new Beamline({ onRuns, newUid: () => 'u' });
    await engine.run(count(new Detector()));
    expect(onRuns.mock.calls).toEqual([
      [[{ uid: 'u', scan_id: 1, is_open: true }]],
      [[{ uid: 'u', scan_id: 1, is_open: false }]],
    ]);
  });

  test('learns commands of the beamline, and gives them a signal', async () => {
    const { engine } = new Beamline();
    engine.registerCommand('double', ({ args }, _workings, { signal }) => [Number(args[0]) * 2, signal.aborted]);
    expect(
      await engine.run(function* (): Plan {
        return yield msg('double', null, [21]);
      }),
    ).toMatchObject({ result: [42, false] });
    engine.unregisterCommand('double');
    expect(engine.commands).not.toContain('double');
  });

  test('spends no turn of the event loop on what is answered at once, yet lets others have theirs', async () => {
    const { engine } = new Beamline();
    const watch = { turns: 0, isOver: false };
    const others = (async () => {
      while (!watch.isOver) {
        await turn();
        watch.turns += 1;
      }
    })();
    await engine.run(count(new Detector(), 20_000));
    watch.isOver = true;
    await others;
    expect(watch.turns).toBeGreaterThan(5);
    expect(watch.turns).toBeLessThan(5_000);
  });

  test('waits when those who take the documents are behind', async () => {
    const caughtUp = Promise.withResolvers<void>();
    const behind = vi
      .fn<() => Promise<void> | undefined>()
      .mockReturnValueOnce(caughtUp.promise)
      .mockReturnValue(undefined);
    const beamline = new Beamline({ untilCaughtUp: behind });
    const running = beamline.engine.run(count(new Detector()));
    for (let turns = 0; turns < 5; turns += 1) await turn();
    expect(beamline.names).toEqual([]);
    caughtUp.resolve();
    expect(await running).toMatchObject({ exit_status: 'success' });
  });
});

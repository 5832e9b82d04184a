import { array, assert, asyncProperty, constantFrom, integer, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { msg, type Plan } from '../../../../src/worker/run-engine/messages.ts';
import { Beamline, Detector, Motor, shot, turn } from './beamline.ts';

const requests = [
  'pause',
  'deferred',
  'resume',
  'stop',
  'abort',
  'halt',
  'emergency',
  'suspend',
  'fail',
  'arrive',
] as const;
const troubles = ['none', 'stop throws', 'status fails', 'clean-up fails', 'cleans up'] as const;

function* scan(motor: Motor, detector: Detector, trouble: (typeof troubles)[number]): Plan<void> {
  try {
    for (let run = 0; run < 2; run += 1) {
      yield msg('open_run');
      for (let point = 0; point < 3; point += 1) {
        yield msg('checkpoint');
        yield msg('set', motor, [point], { group: 'move' });
        yield msg('wait', null, [], { group: 'move' });
        yield* shot(detector);
      }
      yield msg('close_run');
    }
  } finally {
    if (trouble === 'cleans up') yield msg('sleep', null, [0.001]);
    if (trouble === 'clean-up fails') yield msg('aardvark');
  }
}

test('whatever is asked for and whenever, the plan ends at rest and each run has one start and one stop', async () => {
  await assert(
    asyncProperty(
      array(tuple(constantFrom(...requests), integer({ min: 0, max: 4 })), { maxLength: 12 }),
      constantFrom(...troubles),
      async (script, trouble) => {
        const beamline = new Beamline({ devicePatience: 0.05 });
        const motor = new Motor('m');
        if (trouble === 'stop throws') motor.stop = () => Promise.reject(new Error('stuck'));
        const running = beamline.engine.run(scan(motor, new Detector(), trouble));
        const outcomes: Promise<unknown>[] = [running];

        for (const [request, turns] of script) {
          for (let waited = 0; waited < turns; waited += 1) await turn();
          outcomes.push(ask(beamline, motor, request).catch(() => 'refused'));
        }
        await beamline.engine.emergencyHalt();
        await Promise.all(outcomes);

        expect(beamline.engine.state).toBe('idle');
        const started = beamline.all('start').map(({ uid }) => uid);
        expect(beamline.all('stop').map(({ run_start }) => run_start)).toEqual(started);
        expect(
          await beamline.engine.run(function* (): Plan<void> {
            yield msg('null');
          }),
        ).toMatchObject({ exit_status: 'success' });
      },
    ),
    { numRuns: 300 },
  );
});

async function ask({ engine }: Beamline, motor: Motor, request: (typeof requests)[number]): Promise<unknown> {
  if (request === 'pause' || request === 'deferred') return engine.requestPause(request === 'deferred');
  if (request === 'suspend') return engine.requestSuspend(turn, { prePlan: [msg('null')] });
  if (request === 'emergency') return engine.emergencyHalt();
  const move = motor.moves.at(-1);
  if (request === 'arrive') return move?.setFinished();
  if (request === 'fail') return move?.setException(new Error('stalled'));
  return engine[request]();
}

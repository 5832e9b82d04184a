import { describe, expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';
import type { QueueItem } from '../../src/protocol/item.ts';

/**
 * `kill -9` of each process during a scan. BEAMGATE_KILLS says how often each; the whole list is 20 of each, a sample
 * runs with the other tests.
 */
const ROUNDS = Number(process.env['BEAMGATE_KILLS'] ?? 2);
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

/** A beamline that is in the middle of the first of two scans. */
async function aScanUnderWay(beamline: Beamline, round: number): Promise<[string, string]> {
  await beamline.openEnvironment();
  const first = await beamline.add('scan', [['peak'], 'm1', -1, 1, 9]);
  const second = await beamline.add('count', [['peak']], { num: 2 });
  await beamline.must('POST', '/queue/start');
  await beamline.until((status) => status.running_item_uid === first && status.re_state === 'running');
  // Every round at another moment of the scan, whose moves take about a second and a half in all.
  await new Promise((resolve) => setTimeout(resolve, (round * 67) % 1200));
  return [first, second];
}

/** Every run that an item claims exists once, no run is claimed twice, and each file ends with its stop document. */
function expectEachRunOnce(beamline: Beamline, history: QueueItem[]): void {
  const claimed = history.flatMap(({ result }) => result?.run_uids ?? []);
  expect(new Set(claimed).size).toBe(claimed.length);
  expect(beamline.runUids().sort()).toEqual([...claimed].sort());
  for (const uid of claimed) expect(beamline.documents(uid).at(-1)?.[0]).toBe('stop');
}

async function expectBothCompleted(beamline: Beamline, first: string, second: string): Promise<void> {
  await beamline.until((status) => status.manager_state === 'idle' && status.items_in_history === 2, 30_000);
  const history = await beamline.history();
  expect(history.map(({ item_uid, result }) => [item_uid, result?.exit_status])).toEqual([
    [first, 'completed'],
    [second, 'completed'],
  ]);
  expect(await beamline.queue()).toEqual([]);
  expectEachRunOnce(beamline, history);
}

describe('kill -9 during a scan', () => {
  test.each(rounds)('of the gateway: nobody else notices, and it comes back (round %i)', async (round) => {
    await using beamline = await Beamline.start();
    const [first, second] = await aScanUnderWay(beamline, round);
    const others = (['manager', 'worker', 'ioc'] as const).map((name) => beamline.pid(name));

    beamline.kill('gateway');

    await expectBothCompleted(beamline, first, second);
    expect((['manager', 'worker', 'ioc'] as const).map((name) => beamline.pid(name))).toEqual(others);
  });

  test.each(rounds)('of the manager: the plan goes on, and so does the queue (round %i)', async (round) => {
    await using beamline = await Beamline.start();
    const [first, second] = await aScanUnderWay(beamline, round);
    const worker = beamline.pid('worker');

    beamline.kill('manager');

    await expectBothCompleted(beamline, first, second);
    expect(beamline.pid('worker')).toBe(worker);
  });

  test.each(rounds)('of the supervisor: a new one adopts what runs (round %i)', async (round) => {
    await using beamline = await Beamline.start();
    const [first, second] = await aScanUnderWay(beamline, round);
    const [worker, ioc] = [beamline.pid('worker'), beamline.pid('ioc')];

    await beamline.killSupervisor();
    await beamline.startAgain();

    await expectBothCompleted(beamline, first, second);
    expect([beamline.pid('worker'), beamline.pid('ioc')]).toEqual([worker, ioc]);
  });

  test.each(rounds)(
    'of the worker: the item failed, a copy waits at the front, nothing starts (round %i)',
    async (round) => {
      await using beamline = await Beamline.start();
      const [first, second] = await aScanUnderWay(beamline, round);

      beamline.kill('worker');
      const status = await beamline.until((s) => s.manager_state === 'idle' && s.items_in_history === 1, 30_000);

      expect(status).toMatchObject({
        running_item_uid: null,
        worker_environment_exists: false,
        queue_autostart_enabled: false,
      });
      const [failed] = await beamline.history();
      expect(failed).toMatchObject({ item_uid: first, result: { exit_status: 'failed' } });
      expect(failed?.result?.msg).not.toBe('');
      const [copy, next] = await beamline.queue();
      expect(copy).toMatchObject({ name: 'scan', args: [['peak'], 'm1', -1, 1, 9] });
      expect(copy?.item_uid).not.toBe(first);
      expect(next?.item_uid).toBe(second);
      // And it works again: what waits runs once it is told to
      await beamline.openEnvironment();
      await beamline.must('POST', '/queue/start');
      await beamline.until((s) => s.manager_state === 'idle' && s.items_in_history === 3, 30_000);
    },
  );

  test.each(rounds)('of manager and worker: nobody can know, and the queue stops (round %i)', async (round) => {
    await using beamline = await Beamline.start();
    const [first, second] = await aScanUnderWay(beamline, round);

    beamline.kill('manager');
    beamline.kill('worker');
    await beamline.until((s) => s.manager_state === 'idle' && s.items_in_history === 1, 30_000);

    expect(await beamline.history()).toMatchObject([{ item_uid: first, result: { exit_status: 'unknown' } }]);
    expect((await beamline.queue()).at(-1)?.item_uid).toBe(second);
    expect(await beamline.status()).toMatchObject({ running_item_uid: null, re_state: null });
  });
});

import { expect, test } from 'vitest';
import { FakeManager, itemText } from '../support/fake-manager.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { WorkerPlace } from '../support/worker-process.ts';

const numbersOf = (place: WorkerPlace, run: string): unknown[] =>
  place.runFile(run).flatMap(([name, { seq_num: number }]) => (name === 'event' ? [number] : []));

test('a full disk pauses the plan at its next checkpoint, says why, and loses nothing', async () => {
  using place = new WorkerPlace();
  using disk = new SmallDisk(place.settings.runs_dir, '1m');
  const makeRoom = disk.fill(1024 * 1024 - 24 * 1024);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  const plan = { name: 'count', args: [['det1']], kwargs: { num: 300, delay: 0.001 } };
  await manager.request('run_item', { item_uid: 'a', item: itemText(plan, 'a') });

  await manager.state((state) => state.re_state === 'paused');
  const why = await manager.until(() => manager.console.find(({ msg }) => msg.includes('The disk is full')));
  expect(why.msg).toMatch(/The plan is to pause at its next checkpoint\. .*ENOSPC/);

  makeRoom();
  await manager.request('resume', {});

  const { exit_status: exitStatus, run_uids: runs } = await manager.report('item_finished');
  expect(exitStatus).toBe('completed');
  // What the pause interrupted is taken again under its number.
  expect([...new Set(numbersOf(place, runs[0] ?? ''))]).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
});

test('a plan that is resumed on a disk that is still full pauses again', async () => {
  using place = new WorkerPlace();
  using disk = new SmallDisk(place.settings.runs_dir, '1m');
  disk.fill(1024 * 1024 - 8 * 1024);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  const plan = { name: 'count', args: [['det1']], kwargs: { num: null, delay: 0.01 } };
  await manager.request('run_item', { item_uid: 'a', item: itemText(plan, 'a') });
  await manager.state((state) => state.re_state === 'paused');

  await manager.request('resume', {});
  await manager.state((state) => state.re_state === 'running');
  await manager.state((state) => state.re_state === 'paused');

  await manager.request('abort', {});
  expect(await manager.report('item_finished')).toMatchObject({ exit_status: 'aborted' });
  await manager.until(() => manager.console.find(({ msg }) => msg.includes('is incomplete: ENOSPC')));
});

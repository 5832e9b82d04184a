import { expect, test } from 'vitest';
import { ManagerPlace } from '../support/manager-process.ts';

test('a plan that was added runs when the queue is started, and ends in the history', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 2 });

  await manager.must('queue_start');
  await manager.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

  expect(await manager.history()).toMatchObject([{ item_uid: uid, result: { exit_status: 'completed' } }]);
});

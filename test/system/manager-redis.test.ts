import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManagerPlace } from '../support/manager-process.ts';
import { RedisServer } from '../support/redis.ts';

describe('a manager whose queue is in Redis', () => {
  let redis: RedisServer;
  let manager: ManagerPlace;
  beforeEach(async () => {
    redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'always');
    manager = await ManagerPlace.start({ redis_addr: redis.address, redis_name_prefix: 'qs_default' });
  });
  afterEach(async () => {
    await manager[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  const uidsOfHistory = async () => (await manager.history()).map(({ item_uid: uid }) => uid);
  const untilAway = () => manager.until((status) => status.msg.includes('does not answer since'));

  test('has nothing to warn of where Redis writes to disk before it acknowledges', () => {
    expect(manager.output).not.toContain('acknowledges before');
  });

  test('goes on with the running plan while Redis is away, and with the queue when it is back', async () => {
    // Given two plans, the first one running
    await manager.openEnvironment();
    const first = await manager.add('count', [['det1']], { num: 3, delay: 0.5 });
    const second = await manager.add('count', [['det1']], { num: 1 });
    await manager.must('queue_start');
    await manager.until((status) => status.re_state === 'running');

    // When Redis goes away
    await redis.kill();
    await untilAway();

    // Then changes are refused by name, reads are answered, and the plan runs to its end
    const item = { item_type: 'plan', name: 'count', args: [['det1']] };
    expect(await manager.call('queue_item_add', { item, user: 'Ann', user_group: 'primary' })).toMatchObject({
      success: false,
      msg: expect.stringMatching(/does not answer since .* nothing can be changed until it is back/),
    });
    expect(await manager.must('queue_get')).toMatchObject({ items: [{ item_uid: second }] });
    await manager.until((status) => status.re_state === 'idle');
    expect(await manager.status()).toMatchObject({ manager_state: 'executing_queue', running_item_uid: first });

    // And when it is back both are in the history, once
    await redis.startAgain();
    await manager.until((status) => status.manager_state === 'idle' && status.items_in_history === 2);
    expect(await manager.history()).toMatchObject([
      { item_uid: first, result: { exit_status: 'completed' } },
      { item_uid: second, result: { exit_status: 'completed' } },
    ]);
    expect(await redis.client.llen('qs_default_plan_history')).toBe(2);
    expect((await manager.status()).msg).not.toContain('does not answer');
  });

  test('that ends while Redis is away leaves the outcome to the worker, and the next manager files it', async () => {
    await manager.openEnvironment();
    const uid = await manager.add('count', [['det1']], { num: 3, delay: 0.5 });
    await manager.must('queue_start');
    await manager.until((status) => status.re_state === 'running');
    await redis.kill();
    await untilAway();
    await manager.until((status) => status.re_state === 'idle');

    expect(await manager.signalManager('SIGTERM')).toBe(0);
    await redis.startAgain();
    await manager.startManager();

    await manager.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');
    expect(await manager.history()).toMatchObject([{ item_uid: uid, result: { exit_status: 'completed' } }]);
  });

  test('does not start a queue while Redis is away, and can start it when it is back', async () => {
    await manager.openEnvironment();
    await manager.add('count', [['det1']], { num: 1 });
    await redis.kill();
    await untilAway();
    expect(await manager.call('queue_start')).toMatchObject({
      success: false,
      msg: expect.stringContaining('does not answer since'),
    });
    expect(await manager.status()).toMatchObject({ manager_state: 'idle' });
    await redis.startAgain();
    await manager.until((status) => !status.msg.includes('does not answer'));
    await manager.must('queue_start');
    await manager.until((status) => status.items_in_history === 1);
  });

  test('that was killed is followed at once by one that has all of it', async () => {
    const uids = [await manager.add('count', [['det1']]), await manager.add('count', [['det1']])];
    await manager.killManager();
    await manager.startManager();
    const { items } = await manager.must('queue_get');
    expect((items as { item_uid: string }[]).map(({ item_uid: uid }) => uid)).toEqual(uids);
    expect(await uidsOfHistory()).toEqual([]);
  });

  test('goes on when its keys are deleted under it, as tests of the original do', async () => {
    await manager.add('count', [['det1']]);
    await redis.client.del(await redis.client.keys('qs_default_[^b]*'));
    await manager.must('permissions_reload');
    await manager.add('count', [['det1']]);
    expect(await redis.client.llen('qs_default_plan_queue')).toBe(2);
    expect(manager.output).toContain('it was written again from the memory of the manager');
    await manager.must('manager_stop');
    expect(await manager.managerExit()).toBe(0);
  });
});

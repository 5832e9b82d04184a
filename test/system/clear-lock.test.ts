import { expect, test } from 'vitest';
import { beamgate } from '../support/beamline.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { RedisServer } from '../support/redis.ts';

test('beamgate clear-lock takes a lock out of Redis, and a manager that is started again is unlocked', async () => {
  await using redis = await RedisServer.start();
  const inRedis = { redis_addr: redis.address, redis_name_prefix: 'locked' };
  await using place = await ManagerPlace.withoutWorker(inRedis);
  await place.must('lock', { queue: true, lock_key: 'sesame', user: 'Ann' });
  const clear = () => beamgate(['clear-lock', '--redis-addr', redis.address, '--redis-name-prefix', 'locked']);

  expect(await clear()).toMatchObject({
    code: 0,
    output: expect.stringContaining('RE Manager lock was cleared.') as string,
  });
  expect((await place.status()).lock).toEqual({ environment: false, queue: true });

  await place.signalManager('SIGTERM');
  await place.startManager();
  expect((await place.status()).lock).toEqual({ environment: false, queue: false });
  expect((await clear()).output).toBe('No lock was detected.\n');
});

test('beamgate clear-lock ends with 1 where no Redis answers', async () => {
  const { code, output } = await beamgate(['clear-lock', '--redis-addr', '127.0.0.1:1']);
  expect(code).toBe(1);
  expect(output).toContain('Failed to clear RE Manager lock: connect ECONNREFUSED 127.0.0.1:1');
});

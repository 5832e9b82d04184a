import { expect, test } from 'vitest';
import { keysOfQueue } from '../../src/manager/store/redis/overlooked-queue.ts';
import { RedisServer } from '../support/redis.ts';

test('a queue that the original left in a Redis is found under its prefix', async () => {
  await using redis = await RedisServer.start();
  await redis.client.rpush('qs_default_plan_queue', '{}');
  await redis.client.set('qs_default_running_plan', '{}');

  expect(await keysOfQueue(redis.address, 'qs_default')).toBe(2);
  expect(await keysOfQueue(redis.address, 'other')).toBe(0);
});

test('a Redis that wants a password, and one that is not there, are passed over', async () => {
  await using redis = await RedisServer.start('--requirepass', 'secret');
  expect(await keysOfQueue(redis.address, 'qs_default')).toBe(0);
  await redis.kill();
  expect(await keysOfQueue(redis.address, 'qs_default')).toBe(0);
});

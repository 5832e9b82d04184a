import { expect, test } from 'vitest';
import { openRedisAuthStore } from '../../src/auth/store/redis.ts';
import type { AuthChange, AuthStore } from '../../src/auth/store/store.ts';
import { authStoreContract } from '../contracts/auth-store.contract.ts';
import { RedisServer } from '../support/redis.ts';

authStoreContract('Redis', async () => {
  const redis = await RedisServer.start();
  return {
    open: () => openRedisAuthStore({ address: redis.address, namePrefix: 'contract' }),
    end: () => redis[Symbol.asyncDispose](),
  };
});
const BOB = { provider: 'toy', id: 'bob', groups: [] };
const next = (store: AuthStore): Promise<AuthChange> => new Promise((resolve) => store.onChange(resolve));

test('a Redis that is not there is named, without its password', async () => {
  await using redis = await RedisServer.start();
  await redis.kill();
  const address = redis.address.replace('//', '//:verysecret@');
  const refused = openRedisAuthStore({ address, namePrefix: 'x' });
  await expect(refused).rejects.toMatchObject({ code: 'ACCOUNTS_AWAY' });
  await expect(refused).rejects.toThrow(redis.address);
  await expect(refused).rejects.not.toThrow('verysecret');
});

test('while Redis is away nothing is believed, and it comes back by itself', async () => {
  await using redis = await RedisServer.start();
  const store = await openRedisAuthStore({ address: redis.address, namePrefix: 'x' });
  const deaf = next(store);
  await redis.kill();
  expect(await deaf).toEqual({ kind: 'anything' });
  expect(store.hearsChanges).toBe(false);
  await expect(store.principals()).rejects.toMatchObject({ code: 'ACCOUNTS_AWAY' });

  const heard = next(store);
  await redis.startAgain();
  await heard;
  expect(store.hearsChanges).toBe(true);
  expect((await store.signIn(BOB, 1000)).identities).toMatchObject([{ id: 'bob' }]);
  await store.close();
});

test('two prefixes are two sets of accounts', async () => {
  await using redis = await RedisServer.start();
  const [one, other] = [
    await openRedisAuthStore({ address: redis.address, namePrefix: 'one' }),
    await openRedisAuthStore({ address: redis.address, namePrefix: 'other' }),
  ];
  await one.signIn(BOB, 1000);
  expect(await other.principals()).toEqual([]);
  for (const store of [one, other]) await store.close();
});

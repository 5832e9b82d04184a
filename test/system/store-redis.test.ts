import { openRedisStore } from '../../src/manager/store/redis/redis.ts';
import { killedWriters, storeContract } from '../contracts/store.contract.ts';
import { RedisServer } from '../support/redis.ts';

storeContract('Redis', async () => {
  const redis = await RedisServer.start();
  return {
    open: (options) =>
      openRedisStore({ address: redis.address, namePrefix: 'contract', tell: () => undefined, ...options }),
    ...killedWriters(redis.address),
    end: () => redis[Symbol.asyncDispose](),
  };
});

import { Redis } from 'ioredis';
import { redisKeys } from './redis-keys.ts';

const ANSWER_MS = 1000;

/**
 * How many keys of a queue under this prefix a Redis holds. Where none answers, or not without a password, it is 0: this
 * is asked for a hint, and whoever keeps no queue in Redis must not be bothered.
 */
export async function keysOfQueue(address: string, prefix: string): Promise<number> {
  const { queue, history, running, values } = redisKeys(prefix);
  const options = { lazyConnect: true, protocol: 2, connectTimeout: ANSWER_MS, commandTimeout: ANSWER_MS } as const;
  const redis = new Redis(address, { ...options, retryStrategy: () => null });
  redis.on('error', () => undefined); // The call below has it, too.
  try {
    await redis.connect();
    return await redis.exists(queue, history, running, values.mode, values.permissions);
  } catch {
    return 0;
  } finally {
    redis.disconnect();
  }
}

import type { RedisConnection } from '../../../lib/redis-connection.ts';

/**
 * "Acknowledged" means acknowledged by Redis. What that is worth, Redis alone decides; so whoever starts is told.
 */
export async function durabilityWarning(redis: Pick<RedisConnection, 'call' | 'name'>): Promise<string | null> {
  const config = await configOf(redis);
  if (!config) {
    return (
      `Redis at ${redis.name} does not tell its configuration (CONFIG GET is refused): whether it writes to disk before it ` +
      'acknowledges is not known. It does with appendonly yes and appendfsync always.'
    );
  }
  const eviction = config.get('maxmemory-policy') ?? 'noeviction';
  if (!eviction.startsWith('noeviction') && !eviction.startsWith('volatile') && config.get('maxmemory') !== '0') {
    return `Redis at ${redis.name} may drop the queue when its memory is full (maxmemory-policy ${eviction}): set noeviction.`;
  }
  const [isKept, pace] = [config.get('appendonly') === 'yes', config.get('appendfsync') ?? ''];
  if (isKept && pace === 'always') return null;
  const now = isKept ? `appendfsync ${pace}` : 'appendonly no';
  return (
    `Redis at ${redis.name} acknowledges before it has written to disk (${now}): a power cut there can lose what was ` +
    'acknowledged last. Set appendonly yes and appendfsync always.'
  );
}

async function configOf(redis: Pick<RedisConnection, 'call'>): Promise<Map<string, string> | null> {
  const found = new Map<string, string>();
  try {
    // One name a request: several in one are known to Redis 7 alone.
    for (const name of ['appendonly', 'appendfsync', 'maxmemory-policy', 'maxmemory']) {
      const [, value] = (await redis.call('CONFIG', 'GET', name)) as string[];
      if (value !== undefined) found.set(name, value);
    }
    return found;
  } catch {
    return null; // Managed services rename or forbid the command; the queue works all the same.
  }
}

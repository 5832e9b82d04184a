import { setTimeout } from 'node:timers/promises';
import { coded } from '../../../protocol/error-codes.ts';
import type { RedisConnection } from '../../../lib/redis-connection.ts';
import { holderName, lifeOf } from './holder.ts';
import { SCRIPTS } from './scripts.ts';

/** How long a holder that was not heard of keeps the store, and how often it says that it is there. */
export const LEASE_MS = 10_000;
export const RENEW_MS = 3000;
const KNOWN_SCHEMA = 1;

export interface Taken {
  readonly token: string;
  readonly lastEvent: number;
  /** Nobody wrote to it since it was held last. */
  readonly isAsLeft: boolean;
}

/**
 * Takes the store. A holder that is known to be dead is replaced at once; one of another machine is given until its lease
 * ends, which it does not when it lives.
 * @throws STORE_HELD naming the holder, STORE_TOO_NEW
 */
export async function takeLease(
  redis: Pick<RedisConnection, 'run' | 'name'>,
  keys: readonly string[],
  { holder, tell }: { holder: string; tell: (line: string) => void },
): Promise<Taken> {
  let dead = '';
  let waitedFor = '';
  for (;;) {
    const [answer, ...rest] = await redis.run(SCRIPTS.open, keys, [holder, String(LEASE_MS), dead]);
    if (answer === 'ok') {
      const [token, event, standing] = rest as [string, string, string];
      return { token, lastEvent: Number(event), isAsLeft: standing === 'as left' };
    }
    if (answer === 'new') {
      throw coded('STORE_TOO_NEW', { store: redis.name, found: Number(rest[0]), known: KNOWN_SCHEMA });
    }
    const [lease, leftMs] = rest as [string, number];
    const life = lifeOf(lease);
    if (life === 'alive' || waitedFor === lease) {
      throw coded('STORE_HELD', { store: redis.name, holder: holderName(lease) });
    }
    if (life === 'dead') {
      dead = lease;
      continue;
    }
    waitedFor = lease;
    const seconds = Math.ceil(leftMs / 1000);
    tell(
      `The store '${redis.name}' is held by ${holderName(lease)}: its lease ends in ${seconds} s, unless it is alive`,
    );
    await setTimeout(leftMs + 50);
  }
}

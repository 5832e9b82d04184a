import { CodedError, coded } from '../../../protocol/error-codes.ts';
import type { NumberedEvent, QueueStore, StoreChange, StoredState, StoreEvent, StoreTrouble } from '../store.ts';
import { RedisConnection } from '../../../lib/redis-connection.ts';
import { keptState } from './content.ts';
import { durabilityWarning } from './durability.ts';
import { RedisHold } from './hold.ts';
import { thisHolder } from './holder.ts';
import { redisKeys, scriptKeys } from './redis-keys.ts';
import type { RedisKeys } from './redis-keys.ts';
import { SCRIPTS } from './scripts.ts';
import { stepsOf } from './steps.ts';
import { takeLease } from './take-lease.ts';
import type { Taken } from './take-lease.ts';

export interface RedisStoreOptions {
  /** `localhost`, `localhost:6379/0`, `redis://…`, `rediss://…`. */
  readonly address: string;
  readonly namePrefix: string;
  /** What a person should know: how safe an acknowledgement is, what was mended. */
  readonly tell: (line: string) => void;
  /** How many events the log keeps. */
  readonly eventLimit?: number;
}

/**
 * Opens the queue in a Redis under one prefix, in the keys and the form of bluesky-queueserver. It is held by this process
 * until `close`.
 * @throws STORE_HELD, STORE_TOO_NEW, STORE_FAILED (no Redis there, not allowed, other things under these names)
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<QueueStore> {
  const { address, namePrefix, tell, eventLimit = 100_000 } = options;
  const keys = redisKeys(namePrefix);
  let hold: RedisHold | undefined;
  const redis = new RedisConnection(address, 'beamgate-manager', {
    away: (reason) => hold?.away(reason),
    back: () => hold?.back(),
  });
  try {
    await redis.connect();
    const holder = thisHolder();
    const taken = await takeLease(redis, scriptKeys(keys), { holder, tell });
    hold = new RedisHold({ redis, keys, holder, taken, eventLimit, tell });
    const warning = await durabilityWarning(redis);
    if (warning !== null) tell(warning);
    return new RedisStore(hold, { keys, taken, name: redis.name });
  } catch (cause) {
    await hold?.release();
    redis.close();
    if (cause instanceof CodedError) throw cause;
    throw coded('STORE_FAILED', { store: redis.name, reason: (cause as Error).message }, { cause });
  }
}

class RedisStore implements QueueStore {
  readonly epoch: number;
  readonly #hold: RedisHold;
  readonly #about: { readonly keys: RedisKeys; readonly taken: Taken; readonly name: string };

  constructor(hold: RedisHold, about: { keys: RedisKeys; taken: Taken; name: string }) {
    this.#hold = hold;
    this.#about = about;
    this.epoch = Number(about.taken.token);
  }

  get trouble(): StoreTrouble | null {
    return this.#hold.trouble;
  }

  read(): Promise<StoredState> {
    return this.#hold.inTurn(async () => {
      const { keys, taken, name } = this.#about;
      const content = await this.#hold.look();
      try {
        const { state, mustRewrite } = await keptState(content, keys, taken.isAsLeft);
        if (mustRewrite) await this.#hold.rewrite(state, content);
        return state;
      } catch (cause) {
        throw coded('STORE_FAILED', { store: name, reason: (cause as Error).message }, { cause });
      }
    });
  }

  commit(changes: readonly StoreChange[], events: readonly StoreEvent[]): Promise<void> {
    return this.#hold.inTurn(async () => this.#hold.write(await stepsOf(changes, events), events.length));
  }

  eventsAfter(number: number, limit: number): Promise<NumberedEvent[]> {
    return this.#hold.inTurn(async () => {
      const [first, texts] = await this.#hold.ask(SCRIPTS.eventsAfter, [String(number), String(limit)]);
      return (texts as string[]).map((text, n) => ({
        number: Number(first) + n,
        ...(JSON.parse(text) as StoreEvent), // `stepsOf` alone writes them.
      }));
    });
  }

  lastEvent(): Promise<number> {
    return this.#hold.inTurn(() => Promise.resolve(this.#hold.lastEvent));
  }

  onTrouble(listener: (trouble: StoreTrouble | null) => void): void {
    this.#hold.onTrouble(listener);
  }

  writable(): Promise<void> {
    return this.#hold.writable();
  }

  backedBy(memory: () => StoredState): void {
    this.#hold.backedBy(memory);
  }

  close(): Promise<void> {
    return this.#hold.inTurn(() => this.#hold.release());
  }
}

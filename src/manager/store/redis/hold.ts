import { setTimeout } from 'node:timers/promises';
import { coded } from '../../../protocol/error-codes.ts';
import type { StoredState, StoreTrouble } from '../store.ts';
import { isRefusal } from '../../../lib/redis-connection.ts';
import type { RedisConnection, Script } from '../../../lib/redis-connection.ts';
import { contentOf, differences, restoreTexts } from './content.ts';
import type { Content } from './content.ts';
import { holderName } from './holder.ts';
import type { RedisKeys } from './redis-keys.ts';
import { scriptKeys } from './redis-keys.ts';
import { SCRIPTS } from './scripts.ts';
import type { Steps } from './steps.ts';
import { LEASE_MS, RENEW_MS } from './take-lease.ts';
import type { Taken } from './take-lease.ts';

export interface HoldParts {
  readonly redis: RedisConnection;
  readonly keys: RedisKeys;
  readonly holder: string;
  readonly taken: Taken;
  readonly eventLimit: number;
  readonly tell: (line: string) => void;
}

/** All of a long queue is read or written at once. */
const WHOLE_MS = 20_000;
const RETRY_MS = 1000;
/** Memory or disk full, a replica, still loading: Redis refuses to write, and will write again. */
const PASSING = /^(OOM|MISCONF|READONLY|LOADING|BUSY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN)/;
/** Each time somebody else wrote between the look and the act. */
const MOST_LOOKS = 3;

/**
 * Holds the store for one manager: who may write, and what was written last.
 *
 * While it is *writable* each write carries the token and the number of the write before it, and Redis takes it only if
 * both stand there and nobody else wrote. When no answer comes it is *away*: what was under way may or may not have been
 * written, and nothing else is sent. When Redis is back it is looked at: a write that nobody was told of is taken back, and
 * what is missing is written anew, from the memory of the manager, which has all that was acknowledged. It is *lost*, for
 * good, when somebody else holds it or keys hold what this manager never wrote: two programs work on one queue, and to
 * write on would destroy what one of them acknowledged.
 */
export class RedisHold {
  readonly #parts: HoldParts;
  readonly #keys: readonly string[];
  readonly #listeners: ((trouble: StoreTrouble | null) => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #written = 0;
  #lastEvent: number;
  #trouble: StoreTrouble | null = null;
  #untilWritable = Promise.withResolvers<void>();
  #memory: (() => StoredState) | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(parts: HoldParts) {
    this.#parts = parts;
    this.#keys = scriptKeys(parts.keys);
    this.#lastEvent = parts.taken.lastEvent;
    this.#timer = setInterval(() => void this.inTurn(() => this.#renew()), RENEW_MS).unref();
  }

  get trouble(): StoreTrouble | null {
    return this.#trouble;
  }
  get lastEvent(): number {
    return this.#lastEvent;
  }

  onTrouble(listener: (trouble: StoreTrouble | null) => void): void {
    this.#listeners.push(listener);
  }

  backedBy(memory: () => StoredState): void {
    this.#memory = memory;
  }

  async writable(): Promise<void> {
    if (this.#trouble) await this.#untilWritable.promise;
    else await setTimeout(RETRY_MS, undefined, { ref: false });
  }

  /** What is done by one is over before the next begins, so that a look sees what memory has. */
  inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined); // Its caller hears of it.
    return done;
  }

  #run(script: Script, args: readonly string[], extraMs?: number): Promise<unknown[]> {
    return this.#parts.redis.run(script, this.#keys, args, extraMs);
  }

  async look(): Promise<Content> {
    return contentOf(await this.#run(SCRIPTS.look, [], WHOLE_MS));
  }

  /** For somebody who is told in words that he can act on. @throws STORE_FAILED, STORE_UNWRITABLE, STORE_AWAY */
  async ask(script: Script, args: readonly string[], extraMs?: number): Promise<unknown[]> {
    if (this.#trouble?.code === 'STORE_AWAY') throw this.#trouble;
    try {
      return await this.#run(script, args, extraMs);
    } catch (error) {
      if (isRefusal(error)) throw this.#failed(error.message, error);
      this.away((error as Error).message);
      throw this.#trouble ?? error;
    }
  }

  /** @throws STORE_FAILED, STORE_AWAY, STORE_LOST */
  async write(steps: Steps, events: number): Promise<void> {
    if (this.#trouble) throw this.#trouble;
    let [found, about] = await this.#tried(steps);
    if (found !== 'ok' && found !== 'missing') {
      await this.#examine();
      if (this.#trouble) throw this.#trouble;
      [found, about] = await this.#tried(steps);
    }
    if (found === 'missing') throw this.#failed(`an item is not in the stored queue: ${String(about).slice(0, 80)}`);
    if (found !== 'ok') throw this.#lose('another program changes it again and again');
    this.#written++;
    this.#lastEvent += events;
  }

  /** Everything anew, as it is in memory. */
  async rewrite(state: StoredState, seen: Content): Promise<string> {
    const number = String(this.#written + 2); // A write that is still under way, somewhere, comes to nothing.
    const { taken, holder } = this.#parts;
    const own = [taken.token, number, seen.marker, holder, String(LEASE_MS), String(this.#lastEvent)];
    const [found] = await this.#run(SCRIPTS.restore, own.concat(await restoreTexts(state)), WHOLE_MS);
    if (found === 'ok') this.#written += 2;
    return String(found);
  }

  away(reason: string): void {
    if (this.#trouble || this.#isClosed) return;
    const since = new Date().toISOString().replace(/\.\d+/, '');
    this.#set(coded('STORE_AWAY', { store: this.#parts.redis.name, since, reason }));
  }

  back(): void {
    if (this.#trouble?.code === 'STORE_AWAY') void this.inTurn(() => this.#comeBack());
  }

  async release(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#untilWritable.resolve();
    // A lease that cannot be given back ends by itself.
    if (!this.#trouble) await this.#run(SCRIPTS.close, [this.#parts.taken.token]).catch(() => undefined);
    this.#parts.redis.close();
  }

  async #tried({ manner, args, extraMs }: Steps): Promise<unknown[]> {
    const { taken, holder, eventLimit } = this.#parts;
    const [last, own] = [String(this.#written), String(this.#written + 1)];
    const before = [taken.token, last, own, holder, String(LEASE_MS), String(eventLimit), manner];
    return await this.ask(SCRIPTS.commit, before.concat(args), extraMs);
  }

  async #renew(): Promise<void> {
    if (this.#isClosed || this.#trouble?.code === 'STORE_LOST') return;
    if (this.#trouble) return await this.#comeBack();
    const { taken, holder } = this.#parts;
    await this.#reaching(async () => {
      const [found] = await this.#run(SCRIPTS.renew, [taken.token, String(this.#written), holder, String(LEASE_MS)]);
      if (found !== 'ok') await this.#examine();
    });
  }

  async #comeBack(): Promise<void> {
    if (!this.#parts.redis.isReady || this.#trouble?.code !== 'STORE_AWAY') return;
    await this.#reaching(async () => {
      if (!(await this.#settled(''))) await this.#examine();
      if (this.#trouble?.code === 'STORE_AWAY') this.#set(null);
    });
  }

  /** Whether it can go on as it is: nothing is missing, and `seen` is what was looked at, or nobody wrote. */
  async #settled(seen: string): Promise<boolean> {
    const { taken, holder } = this.#parts;
    const numbers = [String(this.#written), String(this.#written + 2)];
    const [found] = await this.#run(SCRIPTS.settle, [taken.token, ...numbers, seen, holder, String(LEASE_MS)]);
    if (found === 'ok') this.#written += 2;
    return found === 'ok';
  }

  /** Redis holds something else than memory: finds out why, and mends it or gives it up. */
  async #examine(): Promise<void> {
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const seen = await this.look();
      if (Number(seen.fence) > Number(this.#parts.taken.token)) {
        const by = seen.lease === '' ? 'another manager took it' : `${holderName(seen.lease)} holds it now`;
        return void this.#lose(by);
      }
      const memory = this.#memory?.();
      if (!memory) return void this.#lose('another program changed it');
      if (await this.#isDealtWith(seen, memory)) return;
    }
    this.#lose('another program changes it again and again');
  }

  /** False when it changed again meanwhile. */
  async #isDealtWith(seen: Content, memory: StoredState): Promise<boolean> {
    const { keys, tell, redis, taken } = this.#parts;
    const isConsistent = seen.fence !== '' && seen.writtenMarker === seen.marker;
    if (!isConsistent) {
      const { gone, changed } = await differences(seen, memory, keys);
      if (changed.length > 0) {
        this.#lose(`another program changed ${changed.map((key) => `'${key}'`).join(' and ')}`);
        return true;
      }
      const isLockAlone = gone.length === 1 && gone[0] === keys.values.lock;
      if (seen.fence === taken.token && (gone.length === 0 || isLockAlone)) {
        if (!(await this.#settled(seen.marker))) return false;
        if (isLockAlone) tell(`'${keys.values.lock}' was cleared in Redis: restart the manager to unlock it`);
        return true;
      }
    }
    if ((await this.rewrite(memory, seen)) !== 'ok') return false;
    const what = isConsistent ? 'what was last acknowledged' : 'keys';
    tell(`The store '${redis.name}' missed ${what}: it was written again from the memory of the manager`);
    return true;
  }

  /** A connection that breaks meanwhile is known to `away`, and tried again when it is back. */
  async #reaching(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.away((error as Error).message);
    }
  }

  #lose(reason: string): StoreTrouble {
    const lost = coded('STORE_LOST', { store: this.#parts.redis.name, reason });
    this.#set(lost);
    return lost;
  }

  #set(trouble: StoreTrouble | null): void {
    this.#trouble = trouble;
    if (trouble === null) {
      this.#untilWritable.resolve();
      this.#untilWritable = Promise.withResolvers();
    }
    for (const listener of this.#listeners) listener(trouble);
  }

  #failed(reason: string, cause?: unknown): Error {
    const code = PASSING.test(reason) ? 'STORE_UNWRITABLE' : 'STORE_FAILED';
    return coded(code, { store: this.#parts.redis.name, reason }, { cause });
  }
}

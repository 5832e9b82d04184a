import { createHash } from 'node:crypto';
import { Redis, ReplyError } from 'ioredis';

/** A down Redis is an error in a second; a long script gets a little more for each text it carries. */
const DEADLINE_MS = 1000;
const MS_PER_TEXT = 0.1;
/** From one attempt to connect to the next: it doubles up to this. */
const LONGEST_PAUSE_MS = 2000;
const ENDED = 'the connection ended';

/** One Lua script: Redis runs it whole, and nothing else meanwhile. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export const luaScript = (text: string): Script => ({ text, sha: createHash('sha1').update(text).digest('hex') });

export interface RedisWatch {
  /** No answer can be had: each command under way fails. */
  readonly away: (reason: string) => void;
  /** Connected again, and Redis has its data loaded. */
  readonly back: () => void;
}

/** Whether Redis itself said no; anything else leaves open what became of the command. */
export const isRefusal = (error: unknown): error is Error => error instanceof ReplyError;

/**
 * One connection, on which commands are carried out in the order of the calls. It comes back by itself, and never sends a
 * command twice: whether one that was under way took effect, only whoever sent it can find out.
 */
export class RedisConnection {
  /** For people: without the password. */
  readonly name: string;
  readonly #redis: Redis;
  #lastError = ENDED;

  /** `owner` is how people find the connection in `CLIENT LIST`. */
  constructor(address: string, owner: string, watch: RedisWatch) {
    const url = new URL(address.includes('://') ? address : `redis://${address}`);
    this.name = `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`;
    this.#redis = new Redis(url.href, {
      lazyConnect: true,
      protocol: 2,
      connectTimeout: DEADLINE_MS,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectionName: owner,
      retryStrategy: (times) => Math.min(100 * 2 ** times, LONGEST_PAUSE_MS),
    });
    this.#redis.on('error', (error: Error) => (this.#lastError = reasonOf(error)));
    this.#redis.on('close', () => watch.away(this.#lastError));
    this.#redis.on('ready', () => {
      this.#lastError = ENDED;
      watch.back();
    });
  }

  get isReady(): boolean {
    return this.#redis.status === 'ready';
  }

  /** @throws Error with the reason when there is no Redis */
  async connect(): Promise<void> {
    try {
      await this.#redis.connect();
    } catch {
      this.#redis.disconnect();
      throw new Error(this.#lastError);
    }
  }

  /** @throws ReplyError when Redis refuses; Error when nobody knows what became of it */
  async run(script: Script, keys: readonly string[], args: readonly string[], extraMs = 0): Promise<unknown[]> {
    const ms = DEADLINE_MS + args.length * MS_PER_TEXT + extraMs;
    const rest = [String(keys.length), ...keys].concat(args);
    try {
      return (await this.#within(ms, this.#redis.call('EVALSHA', [script.sha].concat(rest)))) as unknown[];
    } catch (error) {
      if (!isRefusal(error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await this.#within(ms, this.#redis.call('EVAL', [script.text].concat(rest)))) as unknown[];
    }
  }

  async call(command: string, ...args: string[]): Promise<unknown> {
    return await this.#within(DEADLINE_MS, this.#redis.call(command, args));
  }

  /**
   * Hears what is published; the connection then takes no other commands. After each return of Redis it is to be called
   * again.
   */
  async listen(channel: string, heard: (message: string) => void): Promise<void> {
    this.#redis.removeAllListeners('message');
    this.#redis.on('message', (_channel: string, message: string) => heard(message));
    await this.#within(DEADLINE_MS, this.#redis.subscribe(channel));
  }

  close(): void {
    this.#redis.disconnect();
  }

  /** What does not answer in time is treated as gone: a connection that hangs would hold back everything behind it. */
  async #within<T>(ms: number, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#lastError = `no answer in ${(ms / 1000).toFixed(1)} s`;
      this.#redis.disconnect(true);
    }, ms);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }
}

const reasonOf = (error: Error): string =>
  error instanceof AggregateError && error.message === ''
    ? error.errors.map((each: Error) => each.message).join(', ')
    : error.message;

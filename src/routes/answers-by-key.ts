import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { members } from '../lib/raw-json.ts';
import { coded, CodedError } from '../protocol/error-codes.ts';

/** One write, however often it is sent. */
interface Write {
  /** SHA-1 of what is asked: the same key must not stand for something else. */
  readonly print: string;
  readonly answer: Promise<Buffer>;
  readonly at: number;
  /** Of the answer; 0 while it is under way. */
  bytes: number;
  isDone: boolean;
}

interface Asked {
  readonly params: string;
  /** How long the client is kept waiting. */
  readonly waitMs: number;
  /** The manager is not there. */
  readonly isAway: boolean;
}

export interface Limits {
  readonly keys: number;
  readonly bytes: number;
  readonly ageMs: number;
}
const LIMITS: Limits = { keys: 1000, bytes: 64 * 1024 * 1024, ageMs: 24 * 3600_000 };
/** The manager may go on with a write long after its client has given up waiting. */
const LONGEST_MS = 10 * 60_000;
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Writes that were sent with an `Idempotency-Key`, so that a client which did not hear the answer may send the same again and
 * nothing happens twice.
 *
 * A write is under way until the manager answers, also when its client waits no longer. Then it is done, and its answer is
 * what the key finds. A refusal is forgotten: nothing has changed, and the same may be tried again. When the manager dies with
 * the write, nobody knows whether it took effect, and the key says so until it is forgotten. What is done is forgotten after a
 * day, or when there is too much of it, oldest first.
 */
export class AnswersByKey {
  readonly #limits: Limits;
  readonly #writes = new Map<string, Write>();
  #bytes = 0;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * The answer to `params`, asked of the manager at most once for the key that the request carries; without one it is just
   * asked. `ask` is given how long the manager may take.
   * @throws INVALID_REQUEST, KEY_REUSED, STILL_UNDER_WAY, OUTCOME_UNKNOWN, and what `ask` throws
   */
  async answerTo(
    request: FastifyRequest,
    { params, waitMs, isAway }: Asked,
    ask: (timeoutMs: number) => Promise<Buffer>,
  ): Promise<Buffer> {
    const key = keyOf(request);
    if (key === undefined) return ask(waitMs);
    this.#forgetOld();
    const name = `${request.principal.name} ${request.routeOptions.url} ${key}`;
    const print = hash('sha1', params);
    const known = this.#writes.get(name);
    if (known !== undefined && known.print !== print) throw coded('KEY_REUSED', { key });
    // Nothing leaves for a manager that is away, so there is nothing to know it again by.
    if (known === undefined && isAway) return ask(waitMs);
    const write = known ?? this.#started(name, print, ask);
    return within(waitMs, write.answer, key);
  }

  #started(name: string, print: string, ask: (timeoutMs: number) => Promise<Buffer>): Write {
    const write: Write = { print, answer: ask(LONGEST_MS), at: Date.now(), bytes: 0, isDone: false };
    this.#writes.set(name, write);
    write.answer.then(
      (body) => (isRefusal(body) ? this.#forget(name) : this.#done(write, body.length)),
      (error: unknown) => (isSilence(error) ? this.#done(write, 0) : this.#forget(name)),
    );
    return write;
  }

  #done(write: Write, bytes: number): void {
    write.isDone = true;
    write.bytes = bytes;
    this.#bytes += bytes;
    this.#forgetOld();
  }

  #forgetOld(): void {
    for (const [name, { at, isDone }] of this.#writes) {
      const isTooMuch = this.#writes.size > this.#limits.keys || this.#bytes > this.#limits.bytes;
      if (!isTooMuch && Date.now() - at < this.#limits.ageMs) return;
      if (isDone) this.#forget(name);
    }
  }

  #forget(name: string): void {
    this.#bytes -= this.#writes.get(name)?.bytes ?? 0;
    this.#writes.delete(name);
  }
}

/** @throws INVALID_REQUEST */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && KEY.test(key))) return key;
  const rule = '1 to 255 printable characters without spaces';
  throw coded('INVALID_REQUEST', { what: 'Idempotency-Key', rule, received: JSON.stringify(key) });
}

async function within(waitMs: number, answer: Promise<Buffer>, key: string): Promise<Buffer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(coded('STILL_UNDER_WAY', { key })), waitMs);
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw isSilence(error) ? coded('OUTCOME_UNKNOWN', { key }, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** What does not say that it was refused counts as done: forgetting it could do it twice. */
const isRefusal = (body: Buffer): boolean =>
  !/^\s*\{\s*"success"\s*:\s*true/.test(body.toString('utf8', 0, 64)) &&
  members(body.toString()).get('success') === 'false';
const isSilence = (error: unknown): boolean => error instanceof CodedError && error.code === 'MANAGER_SILENT';

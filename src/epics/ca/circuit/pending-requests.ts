import type { CaMessage } from '../codec/message.ts';
import { CaTimeoutError } from '../errors.ts';
import type { Ids } from '../ids.ts';
import { MAX_TIMER_S } from '../settings.ts';

export interface RequestTerms {
  /** `get BGDEMO:m1.RBV`, for errors. */
  readonly what: string;
  /** Whose requests end together, when the channel or its handle does. */
  readonly owners: readonly object[];
  /** Seconds; Infinity leaves the end to the circuit. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

interface Pending extends RequestTerms {
  readonly resolve: (reply: CaMessage) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout | undefined;
  readonly abort: () => void;
}

/** The requests of one circuit that wait for an answer, by id. Each ends once: answered, refused, timed out or aborted. */
export class PendingRequests {
  readonly #ids: Ids;
  readonly #pending = new Map<number, Pending>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** An id that no waiting request has; for writes without an answer, too, since an error may name it. */
  nextId(): number {
    return this.#ids.next(this.#pending);
  }

  /** Registers a request and gives its id to `send`. */
  start(terms: RequestTerms, send: (id: number) => void): Promise<CaMessage> {
    const { signal, timeout } = terms;
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    const id = this.nextId();
    const { promise, resolve, reject } = Promise.withResolvers<CaMessage>();
    const abort = (): void => this.fail(id, abortReason(signal));
    signal?.addEventListener('abort', abort, { once: true });
    const timer =
      timeout <= MAX_TIMER_S
        ? setTimeout(
            () => this.fail(id, new CaTimeoutError(`${terms.what}: no answer in ${timeout} s`)),
            timeout * 1000,
          )
        : undefined;
    this.#pending.set(id, { ...terms, resolve, reject, timer, abort });
    send(id);
    return promise;
  }

  /** What the request with this id is; a late answer finds none. */
  describe(id: number): string {
    return this.#pending.get(id)?.what ?? `request ${id}`;
  }

  answer(id: number, reply: CaMessage): void {
    this.#end(id)?.resolve(reply);
  }

  fail(id: number, error: Error): void {
    this.#end(id)?.reject(error);
  }

  failAll(error: (what: string) => Error): void {
    for (const [id, { what }] of this.#pending) this.fail(id, error(what));
  }

  failAllOf(owner: object, error: (what: string) => Error): void {
    for (const [id, { what, owners }] of this.#pending) {
      if (owners.includes(owner)) this.fail(id, error(what));
    }
  }

  #end(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending === undefined) return undefined;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    pending.signal?.removeEventListener('abort', pending.abort);
    return pending;
  }
}

/** An abort reason may be anything; what rejects is an Error. */
function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason });
}

import { CodedError } from '../../protocol/error-codes.ts';
import { METHODS } from '../../protocol/methods/index.ts';
import type { Method } from '../../protocol/methods/define-method.ts';
import type { MethodName } from '../../protocol/methods/index.ts';
import type { Failure } from '../handlers/failures.ts';
import type { AnyHandler, HandlerTable } from '../handlers/handlers-of.ts';
import type { ManagerLock } from '../lock/manager-lock.ts';
import type { Log } from '../log.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { accepted, RawText, refusal } from './reply.ts';
import type { ReplyFields } from './reply.ts';
import { RefusalWith } from './refused.ts';
import { RequestParams } from './request-params.ts';
import { NotARequest, requestIn } from './request-text.ts';
import type { Request } from './request-text.ts';

interface Entry {
  readonly handle: AnyHandler;
  readonly method: Method;
  readonly supported: readonly string[];
  readonly failure: Failure;
  /** The original looks at no parameter of these. */
  readonly isUnchecked: boolean;
}

export interface DispatcherParts {
  readonly handlers: HandlerTable;
  readonly failures: Readonly<Record<MethodName, Failure>>;
  readonly lock: Pick<ManagerLock, 'check'>;
  readonly log: Log;
}

/** The texts of requests that come again and again, none of them long. */
const MOST_REMEMBERED = 200;
const LONGEST_REMEMBERED = 120;

/**
 * From the text of a request to the text of its reply. Nothing a client sends makes it throw: what is no request, an
 * unknown method, a refusal and a fault of ours are all replies.
 *
 * A handler begins before the next request is looked at, so requests take effect in the order in which they came.
 */
export class Dispatcher {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #lock: Pick<ManagerLock, 'check'>;
  readonly #log: Log;
  readonly #remembered = new Map<string, Request>();

  constructor({ handlers, failures, lock, log }: DispatcherParts) {
    this.#lock = lock;
    this.#log = log;
    this.#entries = new Map(
      Array.from(METHODS.values(), (method) => [method.name, entryOf(method, handlers, failures)]),
    );
  }

  reply(text: string): string | Promise<string> {
    try {
      const request = this.#request(text);
      const entry = typeof request.method === 'string' ? this.#entries.get(request.method) : undefined;
      return entry ? this.#carryOut(entry, request) : refusal(unknownMethod(request.method));
    } catch (error) {
      if (!(error instanceof NotARequest)) this.#log.fault(error);
      return refusal((error as Error).message);
    }
  }

  #carryOut(entry: Entry, { params: view, paramsText }: Request): string | Promise<string> {
    try {
      const params = entry.isUnchecked ? EMPTY : RequestParams.of(view, paramsText, entry.supported);
      const { lock } = entry.method.access;
      if (lock !== undefined) this.#lock.check(params.orNull('lock_key'), { [lock]: true });
      const answer = entry.handle(params);
      if (!(answer instanceof Promise)) return replyText(answer);
      return answer.then(replyText, (error: unknown) => this.#refusal(entry, error));
    } catch (error) {
      return this.#refusal(entry, error);
    }
  }

  #refusal({ failure, method }: Entry, error: unknown): string {
    const { message } = error as Error;
    if (error instanceof RefusalWith) {
      const text = error.isWholeSentence ? message : `${failure.prefix}${message}`;
      return refusal(text, error.isBare ? {} : { ...failure.fields, ...error.fields });
    }
    if (!(error instanceof CodedError)) this.#log.fault(new Error(`'${method.name}' failed`, { cause: error }));
    return refusal(`${failure.prefix}${message}`, failure.fields);
  }

  #request(text: string): Request {
    const known = this.#remembered.get(text);
    if (known) return known;
    const request = requestIn(text);
    if (text.length > LONGEST_REMEMBERED) return request;
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(text, request);
    return request;
  }
}

/** The original looks methods up in a dictionary, and Python says of some values that they cannot stand in one. */
const unknownMethod = (method: PyJson): string =>
  typeof method === 'object' && method !== null && ['list', 'dict'].includes(typeName(method))
    ? `unhashable type: '${typeName(method)}'`
    : `Unknown method ${repr(method)}`;

const EMPTY = RequestParams.of({}, '{}', []);

function entryOf(method: Method, handlers: HandlerTable, failures: DispatcherParts['failures']): Entry {
  // The table has every name of the methods; the map of methods only knows that names are texts.
  const name = method.name as MethodName;
  return {
    handle: handlers[name],
    method,
    supported: Object.keys(method.params.properties),
    failure: failures[name],
    isUnchecked: name === 'status' || name === 'ping',
  };
}

const replyText = (answer: object): string =>
  answer instanceof RawText ? answer.text : accepted(answer as ReplyFields);

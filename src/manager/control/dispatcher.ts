import { CodedError, coded } from '../../protocol/error-codes.ts';
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
  readonly looksAt: LooksAt;
}

/** `anything`: parameters that are not declared are passed over; `nothing`: so are those that are. */
type LooksAt = 'declared' | 'anything' | 'nothing';

/** So the original does with the first three; the fourth is never refused. */
const LOOKS_AT: Readonly<Partial<Record<MethodName, LooksAt>>> = {
  status: 'nothing',
  ping: 'nothing',
  manager_test: 'anything',
  emergency_stop: 'anything',
};

/** They are not there unless testing is switched on. */
const TESTING: ReadonlySet<MethodName> = new Set(['manager_kill', 'manager_test']);

export interface DispatcherParts {
  readonly handlers: HandlerTable;
  readonly failures: Readonly<Record<MethodName, Failure>>;
  readonly lock: Pick<ManagerLock, 'check'>;
  readonly log: Log;
  readonly isTesting: boolean;
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

  constructor({ handlers, failures, lock, log, isTesting }: DispatcherParts) {
    this.#lock = lock;
    this.#log = log;
    const entries = Array.from(METHODS.values(), (method) => entryOf(method, handlers, failures));
    const served = entries.filter(({ method }) => isTesting || !TESTING.has(method.name as MethodName));
    this.#entries = new Map(served.map((entry) => [entry.method.name, entry]));
  }

  reply(text: string): string | Promise<string> {
    try {
      const request = this.#request(text);
      const entry = typeof request.method === 'string' ? this.#entries.get(request.method) : undefined;
      return entry ? this.#carryOut(entry, request) : refusal(unknownMethod(request.method).message);
    } catch (error) {
      if (!(error instanceof NotARequest)) this.#log.fault(error);
      return refusal((error as Error).message);
    }
  }

  #carryOut(entry: Entry, { params: view, paramsText }: Request): string | Promise<string> {
    try {
      const params = paramsFor(entry, view, paramsText);
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
const unknownMethod = (method: PyJson): CodedError =>
  typeof method === 'object' && method !== null && ['list', 'dict'].includes(typeName(method))
    ? coded('REFUSED', { msg: `unhashable type: '${typeName(method)}'` })
    : coded('UNKNOWN_METHOD', { method: repr(method) });

const EMPTY = RequestParams.of({}, '{}', []);

function paramsFor({ looksAt, supported }: Entry, view: Request['params'], text: string): RequestParams {
  if (looksAt === 'nothing') return EMPTY;
  return looksAt === 'anything' ? RequestParams.loosely(view, text) : RequestParams.of(view, text, supported);
}

function entryOf(method: Method, handlers: HandlerTable, failures: DispatcherParts['failures']): Entry {
  // The table has every name of the methods; the map of methods only knows that names are texts.
  const name = method.name as MethodName;
  return {
    handle: handlers[name],
    method,
    supported: Object.keys(method.params.properties),
    failure: failures[name],
    looksAt: LOOKS_AT[name] ?? 'declared',
  };
}

const replyText = (answer: object): string =>
  answer instanceof RawText ? answer.text : accepted(answer as ReplyFields);

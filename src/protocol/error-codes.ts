/**
 * Every error that may leave a process. The code is for machines and is for ever: reword a sentence, never reuse a
 * code. The sentence names the thing, the rule and what was received. The kind decides the HTTP status, in one place
 * (routes/error-handler.ts): a refusal is 200 with `success: false`, because every existing client expects that.
 */
export type ErrorKind =
  | 'refused' // understood, and not done: the envelope says why
  | 'bad-request' // not understood
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'too-large'
  | 'silent' // the peer did not answer in time; 408 as the original
  | 'unavailable';

interface ErrorEntry<P> {
  readonly kind: ErrorKind;
  readonly says: (about: P) => string;
}
const error = <P>(kind: ErrorKind, says: (about: P) => string): ErrorEntry<P> => ({ kind, says });

export const ERRORS = {
  /** A sentence that is the original's word for word and needs no code of its own. */
  REFUSED: error('refused', (p: { msg: string }) => p.msg),
  UNKNOWN_METHOD: error('refused', (p: { method: string }) => `Unknown method '${p.method}'`),
  UNSUPPORTED_PARAMETERS: error(
    'refused',
    (p: { names: string; supported: string }) =>
      `API request contains unsupported parameters: ${p.names}. Supported parameters: ${p.supported}`,
  ),
  INVALID_JSON: error('bad-request', (p: { what: string; reason: string }) => `${p.what} is not JSON: ${p.reason}`),
  INVALID_REQUEST: error(
    'bad-request',
    (p: { what: string; rule: string; received: string }) => `${p.what} must be ${p.rule}, received ${p.received}`,
  ),
  BODY_TOO_LARGE: error('too-large', (p: { limit: number }) => `The body is larger than ${p.limit} bytes`),
  NOT_FOUND: error('not-found', (p: { url: string }) => `Not Found: ${p.url}`),
  NO_CREDENTIALS: error(
    'unauthenticated',
    (p: { scopes: string }) => `Not enough permissions. Requires scopes ${p.scopes}.`,
  ),
  INVALID_API_KEY: error('unauthenticated', (p: { where: string }) => `Invalid API key in the ${p.where}`),
  UNKNOWN_SCHEME: error(
    'bad-request',
    (p: { scheme: string }) => `Authorization scheme must be 'ApiKey' or 'Bearer', received '${p.scheme}'`,
  ),
  NOT_ENOUGH_PERMISSIONS: error(
    'forbidden',
    (p: { required: string; held: string }) =>
      `Not enough permissions. This requires scopes ${p.required}. The request has scopes ${p.held}.`,
  ),
  MANAGER_SILENT: error(
    'silent',
    (p: { method: string; seconds: number }) =>
      `Timeout occurred while communicating with RE Manager: no reply to '${p.method}' within ${p.seconds} s`,
  ),
  ITEM_NOT_FOUND: error('refused', (p: { uid: string }) => `Item with UID '${p.uid}' is not in the queue.`),
  ITEM_ALREADY_RUNNING: error('refused', (p: { uid: string }) => `Item '${p.uid}' is already running.`),
  STORE_HELD: error(
    'unavailable',
    (p: { store: string; holder: string }) =>
      `The store '${p.store}' is held by ${p.holder}: only one manager may run against one store.`,
  ),
  STORE_TOO_NEW: error(
    'unavailable',
    (p: { store: string; found: number; known: number }) =>
      `The store '${p.store}' has schema version ${p.found}, this program knows up to ${p.known}. Start the newer Beamgate that wrote it.`,
  ),
  STORE_FAILED: error(
    'unavailable',
    (p: { store: string; reason: string }) =>
      `The store '${p.store}' refused a change, which was not made: ${p.reason}`,
  ),
  WORKER_AWAY: error(
    'refused',
    (p: { request: string; reason: string }) => `The worker did not take '${p.request}': ${p.reason}`,
  ),
} as const;

export type ErrorCode = keyof typeof ERRORS;
export type About<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['says']>[0];

export class CodedError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly kind: ErrorKind;

  constructor(code: C, kind: ErrorKind, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'CodedError';
    this.code = code;
    this.kind = kind;
  }
}

/** `throw coded('MANAGER_SILENT', { method: 'queue_get', seconds: 2 }, { cause })` */
export function coded<C extends ErrorCode>(code: C, about: About<C>, options?: ErrorOptions): CodedError<C> {
  // The table pairs each code with its own parameters; TypeScript cannot carry that pairing through an index.
  const { kind, says } = ERRORS[code] as ErrorEntry<About<C>>;
  return new CodedError(code, kind, says(about), options);
}

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
  | 'gone' // it was there once
  | 'method-not-allowed'
  | 'too-large'
  | 'unprocessable' // HTTP, but not what the route takes
  | 'upgrade-required'
  | 'too-many' // for now: the reply says when to come back
  | 'silent' // the peer did not answer in time; 408 as the original
  | 'fault' // a bug of ours
  | 'not-implemented' // by the peer
  | 'unavailable';

interface ErrorEntry<P> {
  readonly kind: ErrorKind;
  readonly says: (about: P) => string;
}
const error = <P>(kind: ErrorKind, says: (about: P) => string): ErrorEntry<P> => ({ kind, says });

/** Clients of the original look for the first three words. */
const notEnoughPermissions = ({ required, held }: { required: string; held: string }): string =>
  `Not enough permissions. Requires scopes ${required}. Request had scopes ${held}`;

export const ERRORS = {
  /** A sentence that is the original's word for word and needs no code of its own. */
  REFUSED: error('refused', (p: { msg: string }) => p.msg),
  /** `method` as Python shows it. */
  UNKNOWN_METHOD: error('refused', (p: { method: string }) => `Unknown method ${p.method}`),
  UNSUPPORTED_PARAMETERS: error(
    'refused',
    (p: { names: string; supported: string }) =>
      `API request contains unsupported parameters: ${p.names}. Supported parameters: ${p.supported}`,
  ),
  INVALID_REQUEST: error(
    'bad-request',
    (p: { what: string; rule: string; received: string }) => `${p.what} must be ${p.rule}, received ${p.received}`,
  ),
  /** The slip of the pen is the original's. */
  UNSUPPORTED_KEYS: error(
    'bad-request',
    (p: { keys: string }) => `Request contains keys the are not supported: ${p.keys}.`,
  ),
  MISSING_KEYS: error(
    'bad-request',
    (p: { keys: string }) => `Some required keys are missing in the request: ${p.keys}. `,
  ),
  LOCK_KEY_NOT_SET: error(
    'bad-request',
    (p: { method: string }) => `Failed to format the '${p.method}' request: Lock key is not set`,
  ),
  UNSUPPORTED_OPTION: error(
    'bad-request',
    (p: { option: string; supported: string }) => `Unsupported option '${p.option}'. Supported options: ${p.supported}`,
  ),
  INVALID_JSON: error('unprocessable', (p: { reason: string }) => `JSON decode error: ${p.reason}`),
  INVALID_FIELDS: error('unprocessable', (p: { fields: string }) => p.fields),
  NOT_AN_OBJECT: error('unprocessable', () => 'Input should be a valid dictionary'),
  BODY_TOO_LARGE: error('too-large', (p: { limit: number }) => `The body is larger than ${p.limit} bytes`),
  KEY_REUSED: error(
    'unprocessable',
    (p: { key: string }) => `Idempotency-Key '${p.key}' stands for another request: take a new one`,
  ),
  STILL_UNDER_WAY: error(
    'silent',
    (p: { key: string }) =>
      `The request is still under way: send it again with Idempotency-Key '${p.key}' to learn its outcome`,
  ),
  OUTCOME_UNKNOWN: error(
    'silent',
    (p: { key: string }) =>
      `Nobody knows whether the request with Idempotency-Key '${p.key}' took effect: the manager did not answer. ` +
      'Look at the queue before you send it with a new one',
  ),
  FORM_BROKEN: error('bad-request', (p: { reason: string }) => `The form cannot be read: ${p.reason}`),
  FORM_FAULT: error('unprocessable', (p: { msg: string }) => p.msg),
  SPREADSHEET_TOO_LARGE: error('too-large', (p: { msg: string }) => p.msg),
  SPREADSHEET_UNSAFE: error('unprocessable', (p: { msg: string }) => p.msg),
  SPREADSHEETS_BUSY: error(
    'unavailable',
    (p: { most: number }) => `${p.most} spreadsheets are being read, and no more at a time: try again`,
  ),
  NOT_FOUND: error('not-found', () => 'Not Found'),
  METHOD_NOT_ALLOWED: error('method-not-allowed', () => 'Method Not Allowed'),
  NOT_A_WEBSOCKET: error('upgrade-required', () => 'This URL is a WebSocket'),

  /** Nobody knows who asks: the original answers so to those, too, whom it knows. */
  NO_CREDENTIALS: error('unauthenticated', notEnoughPermissions),
  NOT_ENOUGH_PERMISSIONS: error('forbidden', notEnoughPermissions),
  NOT_YOUR_ITEM: error(
    'forbidden',
    (p: { uid: string; user: string }) =>
      `Item '${p.uid}' was submitted by '${p.user}': only they and staff may change, move or remove it`,
  ),
  TICKET_NEEDS_CREDENTIALS: error('unauthenticated', () => 'Not enough permissions. A ticket needs credentials'),
  INVALID_API_KEY: error('unauthenticated', () => 'Invalid API key'),
  INVALID_TOKEN: error('unauthenticated', () => 'Could not validate credentials'),
  ACCESS_TOKEN_EXPIRED: error('unauthenticated', () => 'Access token has expired. Refresh token.'),
  SESSION_EXPIRED: error('unauthenticated', () => 'Session has expired. Please re-authenticate.'),
  WRONG_PASSWORD: error('unauthenticated', () => 'Incorrect username or password'),
  USER_NOT_KNOWN: error('unauthenticated', () => 'User is not authorized to access the server'),
  PERMISSIONS_REVOKED: error(
    'unauthenticated',
    () => 'Permissions for the user are revoked. Please contact the administrator.',
  ),
  NO_API_KEY: error('unauthenticated', () => 'No API key was provided with this request.'),
  TOO_MANY_ATTEMPTS: error(
    'too-many',
    (p: { seconds: number }) => `Too many attempts to sign in: try again in ${p.seconds} s`,
  ),
  /** The original's, for whoever comes back from elsewhere without proof. */
  SIGN_IN_FAILED: error('unauthenticated', () => 'Authentication failure'),
  /** RFC 8628, section 3.5: the command line asks again. */
  SIGN_IN_PENDING: error('bad-request', () => 'authorization_pending'),
  PROVIDER_AWAY: error(
    'unavailable',
    (p: { provider: string; reason: string }) =>
      `Provider '${p.provider}' cannot say whether this is right: ${p.reason}`,
  ),
  KEY_EXCEEDS_SCOPES: error(
    'bad-request',
    (p: { requested: string; allowed: string }) =>
      `Requested scopes ${p.requested} must be a subset of the allowed principal's scopes ${p.allowed}.`,
  ),
  /** The slip of the pen is the original's, and so is the class of Python. */
  NO_SUCH_KEY: error('not-found', () => 'The currently-authenticated PrincipalType.user has no such API key.'),
  NO_SUCH_SESSION: error('not-found', () => 'Sessions does not exist or requester has insufficient permissions'),
  NO_SUCH_PRINCIPAL: error(
    'not-found',
    (p: { uuid: string }) => `Principal ${p.uuid} does not exist or insufficient permissions.`,
  ),
  NO_ACCOUNTS: error(
    'bad-request',
    () => 'This server has no accounts: its configuration names no provider of authentication',
  ),
  INVALID_TICKET: error('unauthenticated', () => 'Invalid ticket: it is used, older than 30 s, or for another page'),
  UNKNOWN_SCHEME: error(
    'bad-request',
    () =>
      'Authorization header must include the authorization type followed by a space and then the secret, ' +
      "as in 'Bearer SECRET' or 'Apikey SECRET'. ",
  ),

  MANAGER_SILENT: error(
    'silent',
    () => 'Request timeout: ZMQ communication error: ZeroMQ communication failed: timeout occurred',
  ),
  /** What nobody expected: the stack is in the log, beside the reference. */
  INTERNAL: error('fault', (p: { reference: string }) => `Internal Server Error (reference ${p.reference})`),

  ITEM_UNKNOWN: error(
    'not-found',
    (p: { uid: string }) => `No item with UID '${p.uid}' is known: it was never here, or is long forgotten.`,
  ),
  EVENTS_GONE: error(
    'gone',
    (p: { after: number; first: number; last: number }) =>
      `Events after ${p.after} are not all kept: the oldest is ${p.first}, the newest ${p.last}. Read the state anew and go on after ${p.last}.`,
  ),
  EVENT_AHEAD: error(
    'gone',
    (p: { after: number; last: number }) =>
      `Event ${p.after} has not happened, the newest is ${p.last}: it was read from another log. Read the state anew and go on after ${p.last}.`,
  ),
  TOO_MANY_WAITERS: error(
    'unavailable',
    (p: { limit: number }) => `${p.limit} requests wait for events already: ask again without waiting.`,
  ),

  NO_EVENT_LOG: error('not-implemented', () => 'this manager keeps no event log'),

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
  STORE_UNWRITABLE: error(
    'unavailable',
    (p: { store: string; reason: string }) =>
      `The store '${p.store}' takes no changes now, and nothing was changed: ${p.reason}. It goes on when that is over.`,
  ),
  STORE_AWAY: error(
    'unavailable',
    (p: { store: string; since: string; reason: string }) =>
      `The store '${p.store}' does not answer since ${p.since} (${p.reason}): nothing can be changed until it is back. ` +
      'A running plan goes on.',
  ),
  ACCOUNTS_AWAY: error(
    'unavailable',
    (p: { store: string; reason: string }) => `The accounts in '${p.store}' cannot be asked: ${p.reason}`,
  ),
  STORE_LOST: error(
    'unavailable',
    (p: { store: string; reason: string }) =>
      `Nothing is written to the store '${p.store}' any more: ${p.reason}. A running plan goes on to its end; then stop ` +
      'this manager.',
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

  constructor(code: C, about: About<C>, options?: ErrorOptions) {
    // The table pairs each code with its own parameters; TypeScript cannot carry that pairing through an index.
    const { kind, says } = ERRORS[code] as ErrorEntry<About<C>>;
    super(says(about), options);
    this.name = 'CodedError';
    this.code = code;
    this.kind = kind;
  }
}

/** `throw coded('STORE_FAILED', { store: path, reason: 'the disk is full' }, { cause })` */
export const coded = <C extends ErrorCode>(code: C, about: About<C>, options?: ErrorOptions): CodedError<C> =>
  new CodedError(code, about, options);

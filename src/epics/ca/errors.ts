import { ECA, statusSentence } from './codec/status-codes.ts';

/** A Channel Access request that failed. `code` is an ECA code: 376 no write access, 160 put failed, 72 too large, ... */
export class CaError extends Error {
  override name = 'CaError';
  readonly code: number;

  constructor(message: string, code: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** No answer within the time that the caller gave (80). The server may still act on a put. */
export class CaTimeoutError extends CaError {
  override name = 'CaTimeoutError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, ECA.TIMEOUT, options);
  }
}

/** The channel is not connected, or was lost while the request was under way (192). */
export class CaDisconnectedError extends CaError {
  override name = 'CaDisconnectedError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, ECA.DISCONN, options);
  }
}

/** `statusError('put BGDEMO:m1', 160)`: what a server answered instead of "normal". */
export const statusError = (what: string, code: number): CaError =>
  new CaError(`${what}: ${statusSentence(code)}`, code);

/** A bug in a user's listener surfaces as an uncaught error, and costs no other listener its event. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

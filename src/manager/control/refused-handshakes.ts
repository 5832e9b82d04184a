import { curvePublicKey } from '../../lib/curve-keys.ts';

/** A client that is refused comes again several times a second: it is told of once in this time. */
const QUIET_MS = 60_000;

export interface HandshakeParts {
  readonly privateKey: string | null;
  /** Goes to the log. */
  readonly warn: (sentence: string) => void;
  /** Milliseconds that only go up. */
  readonly now?: () => number;
}

/**
 * Says why clients are refused before they could ask anything: to them it looks like a manager that does not answer. Of
 * each reason the first case is told at once, those of the minute after it are counted.
 */
export class RefusedHandshakes {
  readonly #parts: HandshakeParts;
  readonly #told = new Map<string, { at: number; untold: number }>();

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  /** With the code that libzmq gives, e.g. ERR_ZMTP_CRYPTOGRAPHIC. */
  refused(code: string): void {
    const { warn, now = () => performance.now() } = this.#parts;
    const last = this.#told.get(code);
    if (last !== undefined && now() - last.at < QUIET_MS) {
      last.untold++;
      return;
    }
    const untold = last?.untold ?? 0;
    this.#told.set(code, { at: now(), untold: 0 });
    warn(
      `A client was refused: ${this.#reason(code)}${untold === 0 ? '' : ` (${untold} more since this was told last)`}`,
    );
  }

  #reason(code: string): string {
    const { privateKey } = this.#parts;
    if (privateKey === null) {
      return code === MISMATCH
        ? 'it encrypts, and this manager has no key (QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER)'
        : `what it sends is not understood (${code})`;
    }
    const belonging = `the public key of this manager is '${curvePublicKey(privateKey)}' (QSERVER_ZMQ_PUBLIC_KEY)`;
    if (code === MISMATCH) return `it does not encrypt; ${belonging}`;
    if (code === CRYPTOGRAPHIC) return `it encrypts for another key; ${belonging}`;
    return `what it sends is not understood (${code})`;
  }
}

const MISMATCH = 'ERR_ZMTP_MECHANISM_MISMATCH';
const CRYPTOGRAPHIC = 'ERR_ZMTP_CRYPTOGRAPHIC';

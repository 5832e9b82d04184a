import { MAX_ENUM_STATES } from '../codec/dbr-types.ts';
import { ECA } from '../codec/status-codes.ts';
import { CaError } from '../errors.ts';

/**
 * The states of an ENUM channel, so that a text which is none of them is refused before it is sent. They are read when
 * a text comes that is not known yet: states may be renamed. Puts behind one that waits for this wait too, because their
 * order is the user's.
 */
export class EnumStates {
  readonly #name: string;
  #states: readonly string[] = [];
  #busy: Promise<void> | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  /** The record may be another one after a reconnection. */
  forget(): void {
    this.#states = [];
  }

  /** Sends at once where it can. `texts` is empty for a put that needs no states. */
  async sendInTurn<T>(
    texts: readonly string[],
    readStates: () => Promise<readonly string[]>,
    send: () => Promise<T>,
  ): Promise<T> {
    while (this.#busy !== null) await this.#busy;
    if (texts.every((text) => isState(text, this.#states))) return send();

    const { promise, resolve } = Promise.withResolvers<void>();
    this.#busy = promise;
    let answer: Promise<T>;
    try {
      this.#states = await readStates();
      this.#assertStates(texts);
      answer = send();
    } finally {
      this.#busy = null;
      resolve();
    }
    return answer;
  }

  #assertStates(texts: readonly string[]): void {
    // A menu may have more states than a client can be told: then the IOC decides.
    if (this.#states.length >= MAX_ENUM_STATES) return;
    const unknown = texts.find((text) => !isState(text, this.#states));
    if (unknown === undefined) return;
    throw new CaError(`${this.#name}: '${unknown}' is none of the states ${this.#states.join(', ')}`, ECA.PUTFAIL);
  }
}

/** By name, or by index in digits, as an IOC takes it. */
const isState = (text: string, states: readonly string[]): boolean =>
  states.includes(text) || (/^\d+$/.test(text) && Number(text) < states.length);

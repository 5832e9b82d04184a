import type { Field, FieldListener } from '../records/field.ts';

/**
 * One monitor. While its client takes no more, it remembers only that there is something new, so that a slow client
 * later gets the latest value instead of filling memory.
 */
export class Subscription implements FieldListener {
  readonly mask: number;
  readonly #isHeldBack: () => boolean;
  readonly #send: () => void;
  readonly #unlisten: () => void;
  #isBehind = false;

  constructor(field: Field, mask: number, isHeldBack: () => boolean, send: () => void) {
    this.mask = mask;
    this.#isHeldBack = isHeldBack;
    this.#send = send;
    this.#unlisten = field.listen(this);
  }

  changed(): void {
    if (this.#isHeldBack()) this.#isBehind = true;
    else this.#send();
  }

  catchUp(): void {
    if (!this.#isBehind || this.#isHeldBack()) return;
    this.#isBehind = false;
    this.#send();
  }

  close(): void {
    this.#unlisten();
    this.#isBehind = false;
  }
}

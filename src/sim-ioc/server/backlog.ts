/** Sends one thing, as it is at that moment. */
export type Sending = () => void;

/**
 * What waits until a client has room again. A monitor waits here once, however often its PV changes: it is sent with the
 * value of then. What was offered first goes first, so that a put-callback never overtakes the events before it.
 */
export class Backlog {
  readonly #waiting = new Set<Sending>();
  readonly #isCongested: () => boolean;

  constructor(isCongested: () => boolean) {
    this.#isCongested = isCongested;
  }

  offer(send: Sending): void {
    if (this.#waiting.size > 0 || this.#isCongested()) this.#waiting.add(send);
    else send();
  }

  forget(send: Sending): void {
    this.#waiting.delete(send);
  }

  /** To be called when there is room. */
  catchUp(): void {
    for (const send of this.#waiting) {
      if (this.#isCongested()) return;
      this.#waiting.delete(send);
      send();
    }
  }
}

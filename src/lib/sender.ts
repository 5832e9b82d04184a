/**
 * Sends one after another, in order, where only one sending may be under way. What waits is bounded: beyond `mostWaiting`
 * the oldest goes.
 */
export class Sender<T> {
  readonly #send: (message: T) => Promise<void>;
  readonly #mostWaiting: number;
  readonly #waiting: T[] = [];
  #sending: Promise<void> | undefined;

  /** A message that `send` rejects is given up, and the next one sent. */
  constructor(send: (message: T) => Promise<void>, mostWaiting: number) {
    this.#send = send;
    this.#mostWaiting = mostWaiting;
  }

  offer(message: T): void {
    if (this.#waiting.push(message) > this.#mostWaiting) this.#waiting.shift();
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  /** Resolves when nothing waits. */
  async sent(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      for (const message of batch) await this.#send(message).catch(() => undefined);
    }
  }
}

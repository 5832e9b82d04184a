/**
 * What one client has yet to read. Offering never waits, so a slow client holds back neither the source nor its
 * neighbours; beyond `limit` frames the oldest goes, and the next delivery says how many went before it.
 */
export class Subscriber<T> {
  readonly #limit: number;
  readonly #waiting: T[] = [];
  #missed = 0;
  #isOpen = true;
  #wake = Promise.withResolvers<void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(frame: T): void {
    if (!this.#isOpen) return;
    if (this.#waiting.push(frame) > this.#limit) this.#missed += this.#waiting.splice(0, 1).length;
    this.#wake.resolve();
  }

  /** What already waits is still read; then the reader ends. */
  close(): void {
    this.#isOpen = false;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ frame: T; missed: number }, void> {
    for (;;) {
      while (this.#waiting.length > 0) {
        const delivery = { frame: this.#waiting.shift() as T, missed: this.#missed };
        this.#missed = 0;
        yield delivery;
      }
      if (!this.#isOpen) return;
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
  }
}

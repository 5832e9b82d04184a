/** Whoever takes frames. Offering never waits and never throws. */
export interface Taker<T> {
  offer(frame: T): void;
  close(): void;
}

/** One source, many takers. The frame is made once; each taker keeps its own bounded queue. */
export class Broadcast<T> {
  readonly #takers = new Set<Taker<T>>();

  get size(): number {
    return this.#takers.size;
  }

  /** Gives back the function that ends it. */
  add(taker: Taker<T>): () => void {
    this.#takers.add(taker);
    return () => void this.#takers.delete(taker);
  }

  offer(frame: T): void {
    for (const taker of this.#takers) taker.offer(frame);
  }

  /** Ends every taker: the process stops. */
  close(): void {
    for (const taker of this.#takers) taker.close();
    this.#takers.clear();
  }
}

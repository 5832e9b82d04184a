const MOST_NAMES = 100_000;

/** Attempts counted in the memory of one process. */
export class AttemptCounts {
  readonly #now: () => number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }

  /** One more within `seconds` of the first; how many there are now. */
  count(name: string, seconds: number): number {
    const known = this.#counts.get(name);
    if (known !== undefined && known.until > this.#now()) return ++known.count;
    this.#counts.delete(name);
    this.#makeRoom();
    this.#counts.set(name, { count: 1, until: this.#now() + seconds });
    return 1;
  }

  forget(name: string): void {
    this.#counts.delete(name);
  }

  /** Whoever floods us with names makes us forget the oldest, not run out of memory. */
  #makeRoom(): void {
    if (this.#counts.size < MOST_NAMES) return;
    for (const [name, { until }] of this.#counts) if (until <= this.#now()) this.#counts.delete(name);
    for (const name of this.#counts.keys()) {
      if (this.#counts.size < MOST_NAMES) return;
      this.#counts.delete(name);
    }
  }
}

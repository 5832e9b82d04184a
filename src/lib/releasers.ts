/**
 * What was acquired, to be released last-in-first-out. Every release is tried, whatever fails; several failures become
 * one `AggregateError`. Releasing twice gives the same promise.
 */
export class Releasers {
  readonly #releases: (() => unknown)[] = [];
  #released: Promise<void> | undefined;

  add(release: () => unknown): void {
    this.#releases.push(release);
  }

  /** Registers what closes by `close()`, and hands it back. */
  use<T extends { close(): unknown }>(resource: T): T {
    this.add(() => resource.close());
    return resource;
  }

  release(): Promise<void> {
    this.#released ??= this.#releaseAll();
    return this.#released;
  }

  async #releaseAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const release of this.#releases.toReversed()) {
      try {
        await release();
      } catch (failure) {
        failures.push(failure);
      }
    }
    this.#releases.length = 0;
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, 'several things could not be released');
  }
}

export const INTERRUPTED = Symbol('interrupted');

/**
 * One wait at a time that an interruption may end. A field is woken, rather than a second promise raced: a promise that
 * lives as long as the plan would keep something of every wait that it lost against.
 */
export class Race {
  #wake: (() => void) | undefined;

  /** Whoever waits looks again at whether there is reason to. */
  interrupt(): void {
    this.#wake?.();
  }

  /**
   * What the work gives, or `INTERRUPTED` once there is a reason. Without work only a reason ends it. Work that fails after
   * it was left is nobody's failure.
   */
  between<T>(work: Promise<T> | undefined, isReason: () => boolean): Promise<T | typeof INTERRUPTED> {
    const { promise, resolve, reject } = Promise.withResolvers<T | typeof INTERRUPTED>();
    const look = (): void => {
      if (!isReason()) return;
      if (this.#wake === look) this.#wake = undefined;
      resolve(INTERRUPTED);
    };
    this.#wake = look;
    work?.then(resolve, reject);
    look();
    return promise;
  }
}

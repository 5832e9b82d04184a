import { asError, DeviceSilent } from './errors.ts';

/** How long devices are waited for while things are put at rest. An emergency shortens it, for all that follows. */
export class Patience {
  readonly #seconds: number;
  readonly #over = Promise.withResolvers<void>();

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** From now on, this long in all. */
  shorten(seconds: number): void {
    setTimeout(() => this.#over.resolve(), seconds * 1000);
  }

  /** Resolves when the promise does, or when there is no more patience: then with false. */
  async allows(promise: Promise<unknown>): Promise<boolean> {
    const limit = Promise.withResolvers<false>();
    const timer = setTimeout(() => limit.resolve(false), this.#seconds * 1000);
    try {
      return await Promise.race([promise.then(() => true), limit.promise, this.#over.promise.then(() => false)]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export interface Ask {
  /** For texts: `'stop m1'`. */
  what: string;
  ask: () => unknown;
}

/**
 * Asks several devices at once and waits until each has answered, as long as patience allows. A device that throws, fails
 * or is silent is reported, and holds back neither the others nor the caller.
 */
export async function askAll(
  asks: readonly Ask[],
  patience: Patience,
  report: (error: unknown) => void,
): Promise<void> {
  if (asks.length === 0) return;
  const silent = new Set(asks);
  const answers = asks.map(async (one) => {
    try {
      await one.ask();
    } catch (error) {
      report(new Error(`Failed to ${one.what}: ${asError(error).message}`, { cause: error }));
    }
    silent.delete(one);
  });
  if (await patience.allows(Promise.all(answers))) return;
  for (const { what } of silent) report(new DeviceSilent(`No answer, in the time that is left, to: ${what}`));
}

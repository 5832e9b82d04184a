import { CodedError } from '../../protocol/error-codes.ts';
import type { QueueStore } from '../store/store.ts';

/** What the store says when it may take later what it does not take now. */
const PASSING: ReadonlySet<string> = new Set(['STORE_AWAY', 'STORE_LOST', 'STORE_UNWRITABLE']);

/**
 * Some changes have happened already, whether or not they can be written: a plan that ended has ended. These are tried
 * again until the store takes them, or until the manager itself is to end.
 */
export class StorePatience {
  readonly #store: Pick<QueueStore, 'writable'>;
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;

  constructor(store: Pick<QueueStore, 'writable'>) {
    this.#store = store;
  }

  async untilTaken<T>(change: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await change();
      } catch (error) {
        const mayPass = error instanceof CodedError && PASSING.has(error.code);
        if (!mayPass || this.#isOver) throw error;
        await Promise.race([this.#store.writable(), this.#end.promise]);
      }
    }
  }

  end(): void {
    this.#isOver = true;
    this.#end.resolve();
  }
}

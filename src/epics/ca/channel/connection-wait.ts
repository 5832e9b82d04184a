import { CaDisconnectedError, CaTimeoutError } from '../errors.ts';
import { MAX_TIMER_S } from '../settings.ts';

/** Those who wait for one handle to be connected. */
export class ConnectionWait {
  readonly #waiting = new Set<(error: Error | null) => void>();

  /** @throws CaTimeoutError after `timeoutS` seconds, the abort's reason, CaDisconnectedError when the handle is closed */
  async wait(describe: () => string, timeoutS: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (error: Error | null): void => (error === null ? resolve() : reject(error));
    const abort = (): void => end(new Error('aborted', { cause: signal?.reason }));
    const expire = (): void => end(new CaTimeoutError(`${describe()}: not connected within ${timeoutS} s`));
    const timer = timeoutS <= MAX_TIMER_S ? setTimeout(expire, timeoutS * 1000) : undefined;
    signal?.addEventListener('abort', abort, { once: true });
    this.#waiting.add(end);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      this.#waiting.delete(end);
    }
  }

  connected(): void {
    for (const end of this.#waiting) end(null);
  }

  closed(name: string): void {
    for (const end of this.#waiting) end(new CaDisconnectedError(`${name}: the channel was closed`));
  }
}

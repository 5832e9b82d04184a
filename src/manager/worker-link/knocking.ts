import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

const FIRST_MS = 10;
const LONGEST_MS = 500;

/**
 * Tries until it succeeds: at once, whenever the socket's file changes, and, since a file may be there before anybody
 * listens, after a time that doubles.
 */
export class Knocking {
  readonly #socket: string;
  readonly #attempt: () => Promise<boolean>;
  #isStopped = false;
  #isTrying = false;

  constructor(socket: string, attempt: () => Promise<boolean>) {
    this.#socket = socket;
    this.#attempt = attempt;
  }

  start(): void {
    if (this.#isTrying || this.#isStopped) return;
    this.#isTrying = true;
    void this.#tryUntilItIsThere();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake.resolve();
  }

  #wake = Promise.withResolvers<void>();

  async #tryUntilItIsThere(): Promise<void> {
    const watcher = this.#watch();
    let waitMs = FIRST_MS;
    while (!this.#isStopped && !(await this.#attempt())) {
      const timer = setTimeout(() => this.#wake.resolve(), waitMs);
      await this.#wake.promise;
      clearTimeout(timer);
      this.#wake = Promise.withResolvers();
      waitMs = Math.min(waitMs * 2, LONGEST_MS);
    }
    watcher?.close();
    this.#isTrying = false;
  }

  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(dirname(this.#socket), (_event, name) => {
        if (name === null || name === basename(this.#socket)) this.#wake.resolve();
      });
      watcher.on('error', () => undefined);
      return watcher;
    } catch {
      return undefined; // There is no folder yet; time alone tells.
    }
  }
}

import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * The highest epoch that a manager was served with. It is remembered in a file beside the socket, too, so that a new
 * worker process does not listen to a manager which an earlier one had already refused.
 */
export class EpochKeeper {
  readonly #file: string;
  #highest: number;

  constructor(file: string) {
    this.#file = file;
    this.#highest = highestIn(file);
  }

  get highest(): number {
    return this.#highest;
  }

  /** False unless it is higher than every one before. It is on file before the answer is true. */
  accept(epoch: number): boolean {
    if (epoch <= this.#highest) return false;
    const draft = `${this.#file}.new`;
    writeFileSync(draft, `${epoch}\n`, { mode: 0o600 });
    renameSync(draft, this.#file);
    this.#highest = epoch;
    return true;
  }
}

function highestIn(file: string): number {
  try {
    const epoch = Number(readFileSync(file, 'utf8'));
    return Number.isSafeInteger(epoch) ? epoch : 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

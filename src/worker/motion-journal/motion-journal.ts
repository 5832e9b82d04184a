import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Motion, MotionLog } from '../devices/device-context.ts';

/** A file with nothing under way is begun anew beyond this size. */
const MAX_BYTES = 64 * 1024;

/** One motion as it stands in the file. `at`: seconds since 1970. */
export interface JournalEntry extends Motion {
  readonly motion: number;
  readonly at: number;
}

/** This worker's motions. A failure to write is told, and does not keep a plan from moving what it must. */
export class MotionJournal implements MotionLog {
  readonly #file: string;
  readonly #onFailure: (sentence: string) => void;
  readonly #underWay = new Set<number>();
  #descriptor: number | undefined;
  #bytes = 0;
  #last = 0;

  constructor(file: string, onFailure: (sentence: string) => void) {
    this.#file = file;
    this.#onFailure = onFailure;
  }

  begin(motion: Motion): () => void {
    const number = ++this.#last;
    this.#underWay.add(number);
    this.#write({ motion: number, ...motion, at: Date.now() / 1000 });
    return () => this.#end(number);
  }

  /** The worker ends in order: nothing is left to be stopped by another. */
  clear(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#file, { force: true });
  }

  #end(number: number): void {
    if (!this.#underWay.delete(number)) return;
    if (this.#underWay.size === 0 && this.#bytes > MAX_BYTES) this.#empty();
    else this.#write({ ended: number });
  }

  #write(line: object): void {
    try {
      this.#descriptor ??= openSync(this.#file, 'a', 0o600);
      this.#bytes += writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    } catch (error) {
      this.#onFailure(`The motion journal '${this.#file}' cannot be written: ${(error as Error).message}`);
    }
  }

  #empty(): void {
    if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor);
    this.#bytes = 0;
  }
}

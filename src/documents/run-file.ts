import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Lines are gathered this long before they are written, and written lines this long before they are forced to disk. */
const GATHER_MS = 50;
const FORCE_MS = 900;

export interface RunFileListener {
  /** So many bytes of lines no longer wait, written or given up. */
  written(bytes: number): void;
  failed(sentence: string): void;
}

/**
 * One run's file. It waits until lines are there, gathers them for a moment (urgent ones are not held back), writes
 * them in one piece and forces them to disk at most a second after they came; one operation is under way at a time, so
 * that what a busy run emits meanwhile goes out together. A failure ends it: later lines are dropped, as they would
 * leave a gap.
 */
export class RunFile {
  readonly #path: string;
  readonly #listener: RunFileListener;
  #waiting: string[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #forcing: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #handle: FileHandle | undefined;
  #forcedAt = performance.now();
  #hasUnforced = false;
  #hasFailed = false;
  #isClosing = false;

  constructor(path: string, listener: RunFileListener) {
    this.#path = path;
    this.#listener = listener;
  }

  append(line: string, { urgent }: { urgent: boolean }): void {
    this.#waiting.push(line);
    if (urgent) this.#schedule();
    else this.#gathering ??= setTimeout(() => this.#schedule(), GATHER_MS);
  }

  /** Resolves when everything is on disk and the file is closed, or when it was given up. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#schedule();
    await this.#turn;
  }

  #schedule(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#turn = this.#turn.then(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#isScheduled = false;
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      if (!this.#hasFailed) await this.#put(lines);
    } catch (error) {
      this.#hasFailed = true;
      this.#listener.failed(`The run file '${this.#path}' is incomplete: ${(error as Error).message}`);
      await this.#handle?.close().catch(() => undefined); // the first failure is the one that was told
    }
    this.#listener.written(lines.reduce((sum, line) => sum + line.length, 0));
  }

  async #put(lines: readonly string[]): Promise<void> {
    const isFirst = this.#handle === undefined;
    const handle = (this.#handle ??= await openForAppending(this.#path));
    if (lines.length > 0) {
      await handle.write(`${lines.join('\n')}\n`);
      this.#hasUnforced = true;
    }
    if (isFirst || this.#isClosing || performance.now() - this.#forcedAt >= FORCE_MS) await this.#force(handle);
    else if (this.#hasUnforced) this.#forcing ??= setTimeout(() => this.#schedule(), FORCE_MS);
    if (this.#isClosing && this.#waiting.length === 0) await handle.close();
  }

  async #force(handle: FileHandle): Promise<void> {
    clearTimeout(this.#forcing);
    this.#forcing = undefined;
    if (this.#hasUnforced) await handle.datasync();
    this.#hasUnforced = false;
    this.#forcedAt = performance.now();
  }
}

async function openForAppending(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'ax');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'ax');
  }
}

import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Lines are gathered this long before they are written, and written lines this long before they are forced to disk. */
const GATHER_MS = 50;
const FORCE_MS = 900;

/** How often a full disk is tried again: nothing tells when there is room. */
const RETRY_MS = 1000;

export interface RunFileListener {
  /** So many bytes of lines no longer wait, written or given up. */
  written(bytes: number): void;
  failed(sentence: string): void;
  /** The disk is full, told at each attempt. What waits is kept. */
  full(sentence: string): void;
}

/**
 * One run's file. It waits until lines are there, gathers them for a moment (urgent ones are not held back), writes
 * them in one piece and forces them to disk at most a second after they came; one operation is under way at a time, so
 * that what a busy run emits meanwhile goes out together.
 *
 * While the disk is full it keeps what waits and tries again each second, until there is room or the run has ended. Any
 * other failure ends it: later lines are dropped, as they would leave a gap.
 */
export class RunFile {
  readonly #path: string;
  readonly #listener: RunFileListener;
  readonly #waiting: string[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #forcing: NodeJS.Timeout | undefined;
  #retrying: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isScheduled = false;
  #handle: FileHandle | undefined;
  /** Of whole lines, in bytes. */
  #size = 0;
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
    if (this.#retrying !== undefined) return;
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
    clearTimeout(this.#retrying);
    this.#gathering = undefined;
    this.#retrying = undefined;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#turn = this.#turn.then(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#isScheduled = false;
    try {
      if (!this.#hasFailed) await this.#put();
    } catch (error) {
      const { message } = error as Error;
      if (isFull(error) && !this.#isClosing) {
        this.#listener.full(`The disk is full, and '${this.#path}' waits for room: ${message}`);
        this.#retrying = setTimeout(() => this.#schedule(), RETRY_MS);
        return;
      }
      this.#hasFailed = true;
      this.#listener.failed(`The run file '${this.#path}' is incomplete: ${message}`);
      await this.#handle?.close().catch(() => undefined); // the first failure is the one that was told
    }
    if (this.#hasFailed) this.#leave(this.#waiting.length);
  }

  async #put(): Promise<void> {
    const isFirst = this.#handle === undefined;
    const handle = (this.#handle ??= await openForAppending(this.#path));
    const count = this.#waiting.length;
    if (count > 0) {
      await this.#append(handle, `${this.#waiting.slice(0, count).join('\n')}\n`);
      this.#leave(count);
      this.#hasUnforced = true;
    }
    if (isFirst || this.#isClosing || performance.now() - this.#forcedAt >= FORCE_MS) await this.#force(handle);
    else if (this.#hasUnforced) this.#forcing ??= setTimeout(() => this.#schedule(), FORCE_MS);
    if (this.#isClosing && this.#waiting.length === 0) await handle.close();
  }

  /** All of it, or nothing: half a line would stand in the way of what is tried again. */
  async #append(handle: FileHandle, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += (await handle.write(bytes, written)).bytesWritten;
    } catch (error) {
      if (written > 0) await handle.truncate(this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }

  /** The first `count` lines wait no longer. */
  #leave(count: number): void {
    this.#listener.written(this.#waiting.splice(0, count).reduce((sum, line) => sum + line.length, 0));
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

const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

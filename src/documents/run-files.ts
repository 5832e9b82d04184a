import { join } from 'node:path';
import type { DocumentName } from './document-line.ts';
import { RunFile } from './run-file.ts';
import { runPath } from './run-path.ts';

/** Lines that wait for the disk, over all runs, before `settled()` makes the source wait. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * Writes each run to its file. `write` never waits and never throws: documents are queued, and a source that calls
 * `settled()` now and then waits while the disk is far behind, so that memory stays bounded. A failure (a folder that is
 * gone) is told once for each run, in a sentence; the run goes on without its file. A full disk is waited for.
 */
export class RunFiles {
  readonly #runsDir: string;
  readonly #onFailure: (sentence: string) => void;
  readonly #onFull: (sentence: string) => void;
  readonly #open = new Map<string, RunFile>();
  /** Files under way, those of finished runs that are not yet on disk included. */
  readonly #closing = new Set<Promise<void>>();
  #waitingBytes = 0;
  #drained: PromiseWithResolvers<void> | undefined;

  /** `onFull` is told again and again while the disk is full. */
  constructor(
    runsDir: string,
    onFailure: (sentence: string) => void,
    onFull: (sentence: string) => void = () => undefined,
  ) {
    this.#runsDir = runsDir;
    this.#onFailure = onFailure;
    this.#onFull = onFull;
  }

  /** `line` is the document as `documentLine` writes it, `run` the uid of its start document. */
  write(run: string, name: DocumentName, line: string, time: number): void {
    if (name === 'start') this.#begin(run, time);
    const file = this.#open.get(run);
    if (file === undefined) return;
    this.#waitingBytes += line.length;
    file.append(line, { urgent: name === 'start' });
    if (name === 'stop') this.#finish(run, file);
  }

  /** Resolves at once unless the disk is far behind. */
  settled(): Promise<void> | undefined {
    if (this.#waitingBytes < MAX_WAITING_BYTES) return undefined;
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  /** Runs with a stop document are on disk, or were given up. */
  async kept(): Promise<void> {
    await Promise.all(this.#closing);
  }

  /** Everything written so far is on disk, runs without a stop document included. */
  async close(): Promise<void> {
    for (const [run, file] of this.#open) this.#finish(run, file);
    await this.kept();
  }

  #begin(run: string, time: number): void {
    try {
      const path = join(this.#runsDir, runPath(run, time));
      const written = (bytes: number): void => this.#written(bytes);
      this.#open.set(run, new RunFile(path, { written, failed: this.#onFailure, full: this.#onFull }));
    } catch (error) {
      this.#onFailure(`No run file is written for run '${run}': ${(error as Error).message}`);
    }
  }

  #finish(run: string, file: RunFile): void {
    this.#open.delete(run);
    const closing = file.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  #written(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (this.#waitingBytes >= MAX_WAITING_BYTES / 2) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }
}

import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * The RunEngine's metadata on disk: part of every start document, with the scan id that goes up from run to run. Writing
 * is gathered, one at a time, and each writing replaces the file whole; a power cut may cost the last run's number.
 */
export class EngineMetadata {
  readonly #file: string;
  readonly #onFailure: (sentence: string) => void;
  #writing: Promise<void> | undefined;
  #isStale = false;
  md: Record<string, unknown> = {};

  constructor(file: string, onFailure: (sentence: string) => void) {
    this.#file = file;
    this.#onFailure = onFailure;
  }

  /** What the last environment left goes before what the startup code says, as in a persistent dictionary. */
  async load(startup: Readonly<Record<string, unknown>>): Promise<void> {
    const kept = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      throw error;
    });
    this.md = { ...startup, ...(JSON.parse(kept) as Record<string, unknown>), ...freshest(startup) };
  }

  /** Takes the next scan id, and has it written. */
  nextScanId(md: Record<string, unknown>): number {
    const scanId = Number(md['scan_id'] ?? 0) + 1;
    // The RunEngine writes it into the metadata after this; by the time of the writing it is there.
    setImmediate(() => this.save());
    return scanId;
  }

  save(): void {
    this.#isStale = true;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  async saved(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await writeFile(`${this.#file}.new`, JSON.stringify(this.md), { mode: 0o600 });
        await rename(`${this.#file}.new`, this.#file);
      }
    } catch (error) {
      this.#onFailure(`The RunEngine's metadata is not kept in '${this.#file}': ${(error as Error).message}`);
    }
  }
}

/** Versions are those of the code that runs now, whatever was kept. */
const freshest = ({ versions }: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  versions === undefined ? {} : { versions };

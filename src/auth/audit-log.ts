import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who did it, as far as that is known. */
export interface Actor {
  readonly name: string;
  /** UUID of the principal; absent for who has no account. */
  readonly principal?: string | undefined;
  /** Where the request came from, and its id in the other logs; absent on the command line. */
  readonly address?: string | undefined;
  readonly request?: string | undefined;
}

/** What happened: a word, and what belongs to it. Never a secret. */
export interface AuditEvent {
  readonly what: string;
  readonly [detail: string]: unknown;
}

export interface Audit {
  record(who: Actor, event: AuditEvent): void;
}

const LARGEST_BYTES = 16 * 2 ** 20;
const KEPT_FILES = 8;

/**
 * The audit log: one JSON line an event, `{at, what, who, …}`, readable by its owner alone. A line is written before the
 * answer is given. At 16 MiB a file becomes `<path>.1`, and eight are kept.
 */
export class AuditLog implements Audit {
  readonly #path: string;
  readonly #now: () => Date;
  #fd: number | undefined;
  #bytes = 0;

  constructor(path: string, now: () => Date = () => new Date()) {
    this.#path = path;
    this.#now = now;
  }

  record(who: Actor, { what, ...detail }: AuditEvent): void {
    const line = `${JSON.stringify({ at: this.#now().toISOString(), what, who, ...detail })}\n`;
    let fd = this.#fd ?? this.#open();
    if (this.#bytes > 0 && this.#bytes + Buffer.byteLength(line) > LARGEST_BYTES) fd = this.#turnOver();
    this.#bytes += writeSync(fd, line);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true });
    const fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(fd).size;
    this.#fd = fd;
    return fd;
  }

  #turnOver(): number {
    this.close();
    for (let n = KEPT_FILES - 1; n >= 1; n--)
      renameIfThere(n === 1 ? this.#path : `${this.#path}.${n - 1}`, `${this.#path}.${n}`);
    return this.#open();
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

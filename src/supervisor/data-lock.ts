import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * One supervisor for one data directory. SQLite's lock on an otherwise empty file is the kernel's: it is gone with the
 * process, however that ends, so there is no stale lock to clean up. The holder's name lies beside it, for people.
 */
export class DataLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** @throws DataHeld naming who holds the directory */
  static take(dataDir: string, runDir: string, what: string): DataLock {
    const holderFile = join(runDir, 'holder.json');
    const database = new DatabaseSync(join(runDir, 'lock.sqlite'), { timeout: 0 });
    try {
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch {
      database.close();
      throw new DataHeld(dataDir, readHolder(holderFile));
    }
    writeFileSync(holderFile, JSON.stringify({ pid: process.pid, host: hostname(), what }), { mode: 0o600 });
    return new DataLock(database);
  }

  close(): void {
    this.#database.close();
  }
}

export class DataHeld extends Error {
  override name = 'DataHeld';
  constructor(dataDir: string, holder: string) {
    super(
      `The data directory ${dataDir} is held by ${holder}. Stop that one first (beamgate stop), or use another directory.`,
    );
  }
}

function readHolder(file: string): string {
  try {
    const { pid, host, what } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    return `'${String(what)}', pid ${String(pid)} on ${String(host)}`;
  } catch {
    return 'another process';
  }
}

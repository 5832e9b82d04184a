import { closeSync, copyFileSync, constants, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

/** In the header of a write-ahead log: two numbers that are new each time it begins anew. */
const SALTS = { at: 16, length: 8 };
const MOST_TRIES = 50;
const PAUSE_MS = 20;

/**
 * Copies a database that another process holds and writes. SQLite lets nobody else read it then; but its files may be
 * copied: pages that a checkpoint changes while they are copied stand in the write-ahead log, too, and are written over from
 * there when the copy is opened. That holds as long as the log was not begun anew meanwhile; if it was, all is done again.
 * The copy is checked, and is one file.
 * @throws Error when it is no database, is damaged, or is written too fast to be copied
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = saltsOf(`${from}-wal`);
    copy(from, to);
    if (before !== null) copy(`${from}-wal`, `${to}-wal`);
    if (saltsOf(`${from}-wal`) === before) return settle(to, from);
    rmSync(`${to}-wal`, { force: true });
    await setTimeout(PAUSE_MS); // Its writer is busy: a moment later it may not be.
  }
  throw new Error(`'${from}' is written faster than it can be copied: try again when less is going on`);
}

/** Null when there is no log, or it was not begun: then the database is all there is. */
function saltsOf(log: string): string | null {
  if (!existsSync(log)) return null;
  const file = openSync(log, 'r');
  try {
    const salts = Buffer.alloc(SALTS.length);
    return readSync(file, salts, 0, SALTS.length, SALTS.at) === SALTS.length ? salts.toString('hex') : null;
  } finally {
    closeSync(file);
  }
}

/** A file system that can shares the blocks of both. */
const copy = (from: string, to: string): void => copyFileSync(from, to, constants.COPYFILE_FICLONE);

function settle(path: string, original: string): void {
  const database = new DatabaseSync(path);
  try {
    const [verdict] = database.prepare('PRAGMA integrity_check(1)').all();
    if (verdict?.['integrity_check'] !== 'ok') throw new Error(String(verdict?.['integrity_check']));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (cause) {
    throw new Error(`'${original}' cannot be copied: ${(cause as Error).message}`, { cause });
  } finally {
    database.close();
  }
}

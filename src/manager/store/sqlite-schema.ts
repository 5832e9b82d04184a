import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { coded } from '../../protocol/error-codes.ts';

/**
 * Step n makes version n + 1 of version n. A step is never changed after it was released: files made by it exist.
 *
 * `place` orders the queue; its numbers have gaps, so that an insertion in the middle touches no other row.
 */
const SCHEMA_STEPS: readonly string[] = [
  `
  CREATE TABLE queue (uid TEXT NOT NULL UNIQUE, place INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE INDEX queue_by_place ON queue (place);
  CREATE TABLE running (only INTEGER PRIMARY KEY CHECK (only = 1), uid TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE history (number INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE value (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, item_uid TEXT, detail TEXT
  ) STRICT;
  CREATE TABLE epoch (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL) STRICT;
  INSERT INTO epoch VALUES (1, 0);
  `,
];

/**
 * Brings the file to the newest schema. One that holds an older one is copied first, to `<path>.v<its version>`: whoever
 * must go back to the older program finds what it had.
 * @throws STORE_TOO_NEW: a newer program wrote it, and what this one would drop or misread cannot be known
 */
export function migrate(db: DatabaseSync, path: string, steps: readonly string[] = SCHEMA_STEPS): void {
  const found = versionOf(db);
  if (found > steps.length) throw coded('STORE_TOO_NEW', { store: path, found, known: steps.length });
  if (found === steps.length) return;
  if (found > 0) copy(db, `${path}.v${found}`);
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps.slice(found)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
    db.exec('COMMIT');
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/** The first copy is the one to keep: a later one is of a migration that failed and was tried again. */
function copy(db: DatabaseSync, to: string): void {
  if (!existsSync(to)) db.prepare('VACUUM INTO ?').run(to);
}

import type { DatabaseSync } from 'node:sqlite';
import { migrateSchema, SchemaTooNew } from '../../lib/sqlite-migration.ts';
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
 * Brings the file to the newest schema, see {@link migrateSchema}.
 * @throws STORE_TOO_NEW
 */
export function migrate(db: DatabaseSync, path: string, steps: readonly string[] = SCHEMA_STEPS): void {
  try {
    migrateSchema(db, path, steps);
  } catch (cause) {
    if (!(cause instanceof SchemaTooNew)) throw cause;
    throw coded('STORE_TOO_NEW', { store: path, found: cause.found, known: cause.known }, { cause });
  }
}

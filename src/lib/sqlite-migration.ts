import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** A newer program wrote the file: what this one would drop or misread cannot be known. */
export class SchemaTooNew extends Error {
  override name = 'SchemaTooNew';
  readonly found: number;
  readonly known: number;

  constructor(found: number, known: number) {
    super(`schema version ${found} is newer than ${known}`);
    this.found = found;
    this.known = known;
  }
}

/**
 * Brings a file to the newest schema: step n makes version n + 1 of version n. One that holds an older version is copied
 * first, to `<path>.v<its version>`: whoever must go back to the older program finds what it had.
 * @throws SchemaTooNew
 */
export function migrateSchema(db: DatabaseSync, path: string, steps: readonly string[]): void {
  const found = versionOf(db);
  if (found > steps.length) throw new SchemaTooNew(found, steps.length);
  if (found === steps.length) return;
  if (found > 0) copy(db, `${path}.v${found}`);
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster between the look and the lock.
    for (const step of steps.slice(versionOf(db))) db.exec(step);
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

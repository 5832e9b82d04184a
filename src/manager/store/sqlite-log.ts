import type { DatabaseSync } from 'node:sqlite';

/** A little more than the thousand pages after which SQLite checkpoints. */
const WAL_LENGTH = 4.5 * 2 ** 20;

/**
 * Makes the write-ahead log as long as it ever gets between two checkpoints. A commit that lengthens a file waits for the
 * file system's own journal beside its data, and takes more than twice as long as one that writes over what is there.
 */
export function lengthenLog(db: DatabaseSync): void {
  try {
    db.exec(
      `BEGIN; DROP TABLE IF EXISTS filler; CREATE TABLE filler (bytes); INSERT INTO filler VALUES (zeroblob(${WAL_LENGTH})); COMMIT`,
    );
    db.exec('DROP TABLE filler; PRAGMA wal_checkpoint(RESTART)');
  } catch {
    // A disk that has no room for it may have room for a queue, when what was begun is given back.
    if (db.isTransaction) db.exec('ROLLBACK');
    tried(() => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  }
}

function tried(act: () => void): void {
  try {
    act();
  } catch {
    // It was to make something better, not to make it possible.
  }
}

import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import type { StatementSync } from 'node:sqlite';
import { eachInSlices } from '../../lib/slices.ts';
import { CodedError, coded } from '../../protocol/error-codes.ts';
import { forgetHolder, holderOf, nameHolder } from './sqlite-lease.ts';
import { Places } from './sqlite-places.ts';
import { lengthenLog } from './sqlite-log.ts';
import { migrate } from './sqlite-schema.ts';
import type { ItemText, NumberedEvent, QueueStore, StoreChange, StoreEvent, StoredState, ValueName } from './store.ts';

export interface SqliteStoreOptions {
  /** How many events the log keeps. */
  readonly eventLimit?: number;
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const RETRY_MS = 1000;
const WAL_LIMIT = 16 * 2 ** 20;
/** The log is cut in steps: not one more statement for each commit. */
const EVENT_SLACK = 1000;

/**
 * Opens the store in one file, or makes it. It is held by this process until `close`.
 * @throws STORE_HELD, STORE_TOO_NEW, STORE_FAILED (not a database, no permission)
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<QueueStore> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let db: DatabaseSync | null = null;
  try {
    closeSync(openSync(path, 'a', 0o600)); // SQLite itself would let the group read it.
    db = new DatabaseSync(path, { timeout: 200 });
    // In this order: a WAL under an exclusive lock needs no shared memory, and the first write takes the lock for good.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    db.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT}`); // Else one great batch leaves its WAL behind for good.
    migrate(db, path);
    db.exec('UPDATE epoch SET epoch = max(epoch + 1, unixepoch())');
    lengthenLog(db);
    nameHolder(path);
    return await Promise.resolve(new SqliteStore(db, path, options.eventLimit ?? 100_000));
  } catch (cause) {
    db?.close();
    if (cause instanceof CodedError) throw cause;
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw coded('STORE_HELD', { store: path, holder: holderOf(path) }, { cause });
    }
    throw failed(path, cause);
  }
}

function failed(path: string, cause: unknown): CodedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as { errcode?: number }).errcode === SQLITE_FULL ? 'STORE_UNWRITABLE' : 'STORE_FAILED';
  return coded(code, { store: path, reason }, { cause });
}

class SqliteStore implements QueueStore {
  readonly epoch: number;
  /** A file is there or the process is gone; a full disk is told by the commit that it refuses. */
  readonly trouble = null;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #places: Places;
  readonly #eventLimit: number;
  readonly #statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;
  #eventsKeptFrom: number;
  /** The number of the newest event, or of one that was rolled back with its commit. */
  #newest = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: DatabaseSync, path: string, eventLimit: number) {
    this.#db = db;
    this.#path = path;
    this.#places = new Places(db);
    this.#eventLimit = eventLimit;
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof STATEMENTS, StatementSync>;
    this.epoch = Number(db.prepare('SELECT epoch FROM epoch').get()?.['epoch']);
    this.#eventsKeptFrom = Number(db.prepare('SELECT coalesce(min(number), 1) AS number FROM event').get()?.['number']);
  }

  read(): Promise<StoredState> {
    return this.#inTurn(() => {
      const values = this.#rows<{ name: ValueName; text: string }>('SELECT name, text FROM value');
      return {
        queue: this.#rows<ItemText>('SELECT uid, text FROM queue ORDER BY place'),
        running: this.#rows<ItemText>('SELECT uid, text FROM running')[0] ?? null,
        history: this.#rows<ItemText>('SELECT uid, text FROM history ORDER BY number'),
        values: Object.fromEntries(values.map(({ name, text }) => [name, text])),
      };
    });
  }

  commit(changes: readonly StoreChange[], events: readonly StoreEvent[]): Promise<void> {
    return this.#inTurn(async () => {
      let keptFrom: number;
      try {
        this.#db.exec('BEGIN IMMEDIATE');
        for (const change of changes) await this.#make(change);
        await eachInSlices(events, (event) => this.#log(event));
        keptFrom = this.#cutLog();
        this.#db.exec('COMMIT');
      } catch (cause) {
        this.#rollBack();
        throw failed(this.#path, cause);
      }
      this.#eventsKeptFrom = keptFrom;
    });
  }

  eventsAfter(number: number, limit: number): Promise<NumberedEvent[]> {
    return this.#inTurn(() => {
      const rows = this.#statements.eventsAfter.all(number, limit) as unknown as EventRow[];
      return rows.map(({ item_uid, detail, ...row }) => ({
        ...row,
        ...(item_uid === null ? {} : { item_uid }),
        ...(detail === null ? {} : { detail: JSON.parse(detail) as Record<string, unknown> }),
      }));
    });
  }

  lastEvent(): Promise<number> {
    return this.#inTurn(() => (this.#statements.lastEvent.get() as { number: number }).number);
  }

  onTrouble(): void {
    // There is none.
  }

  /** Nobody tells when a full disk has room again. */
  async writable(): Promise<void> {
    await setTimeout(RETRY_MS, undefined, { ref: false });
  }

  backedBy(): void {
    // The file has all of it.
  }

  close(): Promise<void> {
    return this.#inTurn(() => {
      if (!this.#db.isOpen) return;
      forgetHolder(this.#path); // Before the lock goes: afterwards it could be the next holder's.
      this.#db.close();
    });
  }

  /** A long commit lets other events of the process in, and must not let other statements in. */
  #inTurn<T>(act: () => T | Promise<T>): Promise<T> {
    const done = this.#turn.then(act).catch((cause: unknown) => {
      throw cause instanceof CodedError ? cause : failed(this.#path, cause);
    });
    this.#turn = done.catch(() => undefined); // Its caller hears of it.
    return done;
  }

  async #make(change: StoreChange): Promise<void> {
    const { add, remove, place, replace, clear, run, rest, remember, forget, set, unset } = this.#statements;
    switch (change.type) {
      case 'add': {
        const places = this.#places.before(change.before?.uid ?? null, change.items.length);
        return eachInSlices(change.items, (item, n) => void add.run(item.uid, places[n] as number, item.text));
      }
      case 'move': {
        const places = this.#places.before(change.before?.uid ?? null, change.items.length);
        return eachInSlices(change.items, (item, n) => one(place.run(places[n] as number, item.uid), item));
      }
      case 'remove':
        return eachInSlices(change.items, (item) => one(remove.run(item.uid), item));
      case 'replace':
        return one(replace.run(change.by.uid, change.by.text, change.item.uid), change.item);
      case 'clear':
        return void clear.run();
      case 'run':
        return void (change.item ? run.run(change.item.uid, change.item.text) : rest.run());
      case 'remember':
        return void remember.run(change.item.uid, change.item.text);
      case 'forget':
        return void forget.run(change.count);
      case 'set':
        return void (change.text === null ? unset.run(change.name) : set.run(change.name, change.text));
    }
  }

  #log({ at, kind, item_uid, detail }: StoreEvent): void {
    const text = detail === undefined ? null : JSON.stringify(detail);
    this.#newest = Number(this.#statements.log.run(at, kind, item_uid ?? null, text).lastInsertRowid);
  }

  #cutLog(): number {
    const keepFrom = this.#newest - this.#eventLimit + 1;
    if (keepFrom - this.#eventsKeptFrom < EVENT_SLACK) return this.#eventsKeptFrom;
    this.#statements.cutLog.run(keepFrom);
    return keepFrom;
  }

  /** A full disk ends the transaction by itself; then there is none to roll back. */
  #rollBack(): void {
    try {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      // Why the commit failed is what its caller must hear; and the next one cannot begin in this transaction.
    }
  }

  #rows<T>(sql: string): T[] {
    return this.#db.prepare(sql).all() as unknown as T[];
  }
}

interface EventRow extends Omit<NumberedEvent, 'item_uid' | 'detail'> {
  readonly item_uid: string | null;
  readonly detail: string | null;
}

const STATEMENTS = {
  add: 'INSERT INTO queue (uid, place, text) VALUES (?, ?, ?)',
  place: 'UPDATE queue SET place = ? WHERE uid = ?',
  remove: 'DELETE FROM queue WHERE uid = ?',
  replace: 'UPDATE queue SET uid = ?, text = ? WHERE uid = ?',
  clear: 'DELETE FROM queue',
  run: 'INSERT OR REPLACE INTO running (only, uid, text) VALUES (1, ?, ?)',
  rest: 'DELETE FROM running',
  remember: 'INSERT INTO history (uid, text) VALUES (?, ?)',
  forget: 'DELETE FROM history WHERE number IN (SELECT number FROM history ORDER BY number LIMIT ?)',
  set: 'INSERT OR REPLACE INTO value (name, text) VALUES (?, ?)',
  unset: 'DELETE FROM value WHERE name = ?',
  log: 'INSERT INTO event (at, kind, item_uid, detail) VALUES (?, ?, ?, ?)',
  cutLog: 'DELETE FROM event WHERE number < ?',
  lastEvent: 'SELECT coalesce(max(number), 0) AS number FROM event',
  eventsAfter: 'SELECT number, at, kind, item_uid, detail FROM event WHERE number > ? ORDER BY number LIMIT ?',
} as const;

/** The copy in memory and the file have parted if a change finds nothing to change: better to refuse than to go on. */
function one({ changes }: { changes: number | bigint }, item: ItemText): void {
  if (changes !== 1) throw new Error(`Item '${item.uid}' is not in the stored queue`);
}

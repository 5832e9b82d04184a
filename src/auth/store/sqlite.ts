import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, utimesSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { migrateSchema, SchemaTooNew } from '../../lib/sqlite-migration.ts';
import { coded, CodedError } from '../../protocol/error-codes.ts';
import { AttemptCounts } from './attempts.ts';
import { SCHEMA_STEPS, STATEMENTS } from './sqlite-schema.ts';
import { identityOf, keyOf, sessionOf } from './sqlite-rows.ts';
import type { IdentityRow, PrincipalRow } from './sqlite-rows.ts';
import { REVOCATION_SECONDS } from './store.ts';
import type {
  AuthChange,
  AuthStore,
  Rotation,
  SignedIn,
  StoredKey,
  StoredPrincipal,
  StoredSession,
  TakenOver,
} from './store.ts';

/** `beamgate keys` may write at the same moment: neither waits for long. */
const BUSY_MS = 2000;

/**
 * Opens the accounts in one file, or makes it. Unlike the queue's, the file is shared: one gateway and the command line.
 * @throws STORE_TOO_NEW, STORE_FAILED (not a database, no permission)
 */
export function openSqliteAuthStore(path: string): AuthStore {
  let db: DatabaseSync | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600)); // SQLite itself would let the group read it.
    db = new DatabaseSync(path, { timeout: BUSY_MS });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrateSchema(db, path, SCHEMA_STEPS);
    return new SqliteAuthStore(db, path);
  } catch (cause) {
    db?.close();
    if (!(cause instanceof SchemaTooNew)) throw failed(path, cause);
    throw coded('STORE_TOO_NEW', { store: path, found: cause.found, known: cause.known }, { cause });
  }
}

const failed = (path: string, cause: unknown): CodedError =>
  cause instanceof CodedError
    ? cause
    : coded('STORE_FAILED', { store: path, reason: (cause as Error).message }, { cause });

class SqliteAuthStore implements AuthStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #statements: Readonly<Record<keyof typeof STATEMENTS, StatementSync>>;
  readonly #listeners = new Set<(change: AuthChange) => void>();
  readonly #attempts = new AttemptCounts();
  readonly #watcher: FSWatcher | null;
  #version: unknown;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, db.prepare(sql)]);
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof STATEMENTS, StatementSync>;
    this.#version = this.#statements.dataVersion.get()?.['data_version'];
    this.#watcher = this.#watch();
  }

  get hearsChanges(): boolean {
    return this.#watcher !== null;
  }

  async signIn(identity: SignedIn, at: number): Promise<StoredPrincipal> {
    const { provider, id, groups } = identity;
    return this.#write(() => {
      const known = this.#uuidOf(provider, id);
      const uuid = known ?? randomUUID();
      const { signIn, addPrincipal, addIdentity } = this.#statements;
      if (known === null) {
        addPrincipal.run(uuid, 'user', 0);
        addIdentity.run(provider, id, uuid, JSON.stringify(groups), at);
      } else {
        signIn.run(JSON.stringify(groups), at, provider, id);
      }
      return [this.#principal(uuid) as StoredPrincipal, { kind: 'principal', id: uuid }];
    });
  }

  async principal(uuid: string): Promise<StoredPrincipal | null> {
    return this.#read(() => this.#principal(uuid));
  }

  async principalOf(provider: string, id: string): Promise<StoredPrincipal | null> {
    return this.#read(() => this.#principal(this.#uuidOf(provider, id) ?? ''));
  }

  async principals(): Promise<StoredPrincipal[]> {
    return this.#read(() =>
      (this.#statements.principals.all() as unknown as PrincipalRow[]).map((row) => this.#withIdentities(row)),
    );
  }

  async disable(uuid: string, isDisabled: boolean): Promise<boolean> {
    return this.#write(() => [
      this.#statements.disable.run(isDisabled ? 1 : 0, uuid).changes === 1,
      { kind: 'principal', id: uuid },
    ]);
  }

  async addSession(session: StoredSession): Promise<void> {
    return this.#write(() => {
      const { uuid, principal, createdAt, refreshedAt, expiresAt, idleUntil, isEnded, token, previousToken } = session;
      const times = [createdAt, refreshedAt, expiresAt, idleUntil];
      this.#statements.addSession.run(uuid, principal, ...times, isEnded ? 1 : 0, token, previousToken);
      return [undefined, { kind: 'session', id: uuid }];
    });
  }

  async session(uuid: string): Promise<StoredSession | null> {
    return this.#read(() => sessionOf(this.#statements.session.get(uuid)));
  }

  async sessionsOf(principal: string): Promise<StoredSession[]> {
    return this.#read(() => this.#statements.sessionsOf.all(principal).map((row) => sessionOf(row) as StoredSession));
  }

  async rotate(uuid: string, { from, to, at, idleUntil }: Rotation): Promise<StoredSession | null> {
    return this.#write(() => [
      sessionOf(this.#statements.rotate.get(to, at, idleUntil, uuid, from)),
      { kind: 'session', id: uuid },
    ]);
  }

  async endSession(uuid: string): Promise<boolean> {
    return this.#write(() => [this.#statements.endSession.run(uuid).changes === 1, { kind: 'session', id: uuid }]);
  }

  async addKey(key: StoredKey): Promise<void> {
    return this.#write(() => [this.#addKey(key), { kind: 'key', id: key.hash }]);
  }

  async key(hash: string): Promise<StoredKey | null> {
    return this.#read(() => keyOf(this.#statements.key.get(hash)));
  }

  async keysOf(principal: string): Promise<StoredKey[]> {
    return this.#read(() => this.#statements.keysOf.all(principal).map((row) => keyOf(row) as StoredKey));
  }

  async keyWasUsed(hash: string, at: number): Promise<void> {
    return this.#write(() => [void this.#statements.keyWasUsed.run(at, hash), null]);
  }

  async deleteKey(hash: string): Promise<void> {
    return this.#write(() => [void this.#statements.deleteKey.run(hash), { kind: 'key', id: hash }]);
  }

  async revokeKey(hash: string, at: number): Promise<void> {
    return this.#write(() => {
      this.#statements.deleteKey.run(hash);
      this.#statements.revokeKey.run(hash, at);
      return [undefined, { kind: 'key', id: hash }];
    });
  }

  async isRevoked(hash: string): Promise<boolean> {
    return this.#read(() => this.#statements.isRevoked.get(hash) !== undefined);
  }

  async takeOver(principals: readonly StoredPrincipal[], keys: readonly StoredKey[]): Promise<TakenOver> {
    return this.#write(() => {
      // An identity that has signed in here already keeps its principal, and gets the keys of its old one.
      const uuids = new Map<string, string>();
      let added = 0;
      for (const principal of principals) {
        const here = principal.identities.map(({ provider, id }) => this.#uuidOf(provider, id)).find((uuid) => uuid);
        uuids.set(principal.uuid, here ?? principal.uuid);
        if (here === undefined && this.#principal(principal.uuid) === null) added += this.#addPrincipal(principal);
      }
      const fresh = keys.filter(({ hash }) => !this.#statements.key.get(hash) && !this.#statements.isRevoked.get(hash));
      for (const key of fresh) this.#addKey({ ...key, principal: uuids.get(key.principal) ?? key.principal });
      return [{ principals: added, keys: fresh.length }, { kind: 'anything' }];
    });
  }

  async purge(now: number): Promise<void> {
    return this.#write(() => {
      const { purgeSessions, purgeKeys, purgeRevocations } = this.#statements;
      const gone = Number(purgeSessions.run(now, now).changes) + Number(purgeKeys.run(now).changes);
      purgeRevocations.run(now - REVOCATION_SECONDS);
      return [undefined, gone === 0 ? null : { kind: 'anything' }];
    });
  }

  async countAttempt(name: string, seconds: number): Promise<number> {
    return this.#attempts.count(name, seconds);
  }

  async forgetAttempts(name: string): Promise<void> {
    this.#attempts.forget(name);
  }

  onChange(listener: (change: AuthChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#watcher?.close();
    if (this.#db.isOpen) this.#db.close();
  }

  #principal(uuid: string): StoredPrincipal | null {
    const row = this.#statements.principal.get(uuid) as unknown as PrincipalRow | undefined;
    return row === undefined ? null : this.#withIdentities(row);
  }

  #withIdentities({ uuid, type, is_disabled }: PrincipalRow): StoredPrincipal {
    const identities = this.#statements.identities.all(uuid) as unknown as IdentityRow[];
    return {
      uuid,
      type,
      isDisabled: is_disabled === 1,
      identities: identities.map(identityOf),
    };
  }

  #uuidOf(provider: string, id: string): string | null {
    const row = this.#statements.principalOf.get(provider, id) as { principal: string } | undefined;
    return row?.principal ?? null;
  }

  #addPrincipal({ uuid, type, isDisabled, identities }: StoredPrincipal): 1 {
    this.#statements.addPrincipal.run(uuid, type, isDisabled ? 1 : 0);
    for (const { provider, id, groups, latestLogin } of identities) {
      this.#statements.addIdentity.run(provider, id, uuid, JSON.stringify(groups), latestLogin);
    }
    return 1;
  }

  #addKey({ hash, firstEight, principal, scopes, expiresAt, latestActivity, note }: StoredKey): void {
    const values = [JSON.stringify(scopes), expiresAt, latestActivity, note];
    this.#statements.addKey.run(hash, firstEight, principal, ...values);
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw failed(this.#path, cause);
    }
  }

  /** `act` gives the result and what it has changed; listeners hear of it once it is on disk. */
  #write<T>(act: () => readonly [T, AuthChange | null]): T {
    let done: readonly [T, AuthChange | null];
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      done = act();
      this.#db.exec('COMMIT');
    } catch (cause) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw failed(this.#path, cause);
    }
    const [result, change] = done;
    if (change !== null) {
      const now = new Date();
      utimesSync(this.#path, now, now);
      this.#tell(change);
    }
    return result;
  }

  /**
   * Other processes hear of a change by the time stamp of the file, which `#write` sets after its commit. The log beside the
   * file would tell too early: it is written before the commit can be read.
   */
  #watch(): FSWatcher | null {
    const file = basename(this.#path);
    try {
      return watch(dirname(this.#path), (_event, name) => name === file && this.#lookForOthers()).unref();
    } catch {
      return null; // the system has no watches left: then nothing that was read is kept
    }
  }

  /** Our own commits do not count here. */
  #lookForOthers(): void {
    if (!this.#db.isOpen) return;
    const version = this.#statements.dataVersion.get()?.['data_version'];
    if (version === this.#version) return;
    this.#version = version;
    this.#tell({ kind: 'anything' });
  }

  #tell(change: AuthChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

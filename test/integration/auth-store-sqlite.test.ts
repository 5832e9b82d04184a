import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteAuthStore } from '../../src/auth/store/sqlite.ts';
import { authStoreContract } from '../contracts/auth-store.contract.ts';

authStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  return {
    open: async () => openSqliteAuthStore(join(folder, 'accounts.sqlite')),
    end: async () => rmSync(folder, { recursive: true }),
  };
});

describe('the file of accounts', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'accounts-'));
    path = join(folder, 'accounts', 'accounts.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is readable by its owner alone, and so is what SQLite lays beside it', async () => {
    const store = openSqliteAuthStore(path);
    await store.signIn({ provider: 'toy', id: 'bob', groups: [] }, 1000);
    const modes = ['', '-wal', '-shm'].map((ending) => statSync(path + ending).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  test('of a newer program is refused', async () => {
    await openSqliteAuthStore(path).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openSqliteAuthStore(path)).toThrow(/has schema version 99, this program knows up to \d+/);
  });

  test('that is no database is refused by name', () => {
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'shift notes\n'.repeat(1000));
    expect(() => openSqliteAuthStore(other)).toThrow('file is not a database');
  });

  test('refuses a change that it cannot keep, and stays as it was', async () => {
    const store = openSqliteAuthStore(path);
    const orphan = { hash: 'h', firstEight: 'h', scopes: [], expiresAt: null, latestActivity: null, note: null };
    await expect(store.addKey({ ...orphan, principal: 'nobody' })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await store.key('h')).toBeNull();
    await store.close();
  });
});

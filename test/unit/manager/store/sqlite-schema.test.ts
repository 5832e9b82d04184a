import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../../src/manager/store/sqlite-schema.ts';

const first = 'CREATE TABLE plan (name TEXT)';
const second = "ALTER TABLE plan ADD COLUMN owner TEXT DEFAULT 'nobody'";
let folder: string;
let path: string;
let db: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schema-'));
  path = join(folder, 'queue.sqlite');
  db = new DatabaseSync(path);
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const rows = (of: DatabaseSync): unknown[] =>
  of
    .prepare('SELECT * FROM plan')
    .all()
    .map((row) => ({ ...row }));

test('a new file gets the newest schema, without a copy', () => {
  migrate(db, path, [first, second]);
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  expect(existsSync(`${path}.v0`)).toBe(false);
});

test('an older file is copied as it was, then made newer with what it holds', () => {
  migrate(db, path, [first]);
  db.exec("INSERT INTO plan VALUES ('scan')");
  migrate(db, path, [first, second]);
  expect(rows(db)).toEqual([{ name: 'scan', owner: 'nobody' }]);
  const copy = new DatabaseSync(`${path}.v1`);
  expect([rows(copy), copy.prepare('PRAGMA user_version').get()]).toEqual([[{ name: 'scan' }], { user_version: 1 }]);
  copy.close();
});

test('a step that fails leaves the file as it was, and the first copy stays', () => {
  migrate(db, path, [first]);
  db.exec("INSERT INTO plan VALUES ('scan')");
  expect(() => migrate(db, path, [first, second, 'no SQL'])).toThrow('syntax error');
  expect(rows(db)).toEqual([{ name: 'scan' }]);
  migrate(db, path, [first, second]);
  expect(rows(db)).toEqual([{ name: 'scan', owner: 'nobody' }]);
});

test('a newer file is refused by name and version, and not touched', () => {
  migrate(db, path, [first, second]);
  expect(() => migrate(db, path, [first])).toThrow(
    expect.objectContaining({
      code: 'STORE_TOO_NEW',
      message: `The store '${path}' has schema version 2, this program knows up to 1. Start the newer Beamgate that wrote it.`,
    }),
  );
  expect(existsSync(`${path}.v2`)).toBe(false);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';
import { killedWriters, storeContract } from '../contracts/store.contract.ts';

const child = (name: string): string => join(import.meta.dirname, '../contracts', name);

storeContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'));
  const path = join(folder, 'queue.sqlite');
  return {
    open: (options) => openSqliteStore(path, options),
    ...killedWriters(path),
    end: async () => rmSync(folder, { recursive: true }),
  };
});

describe('the file of a SQLite store', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'store-'));
    path = join(folder, 'data', 'queue.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made with its folder, readable by its owner alone, and names its holder while it is held', async () => {
    const store = await openSqliteStore(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(readFileSync(`${path}.holder`, 'utf8')).toContain(`process ${process.pid} on `);
    await store.close();
    expect(existsSync(`${path}.holder`)).toBe(false);
  });

  test('has the texts of items byte for byte', async () => {
    const text = '{"kwargs": {"a":1.0,"b":9223372036854775808,"c":NaN,"9":"\\u00e9é😀\\\\n"} ,"item_uid":"u"}';
    let store = await openSqliteStore(path);
    await store.commit([{ type: 'add', items: [{ uid: 'u', text }], before: null }], []);
    await store.close();
    store = await openSqliteStore(path);
    expect((await store.read()).queue).toEqual([{ uid: 'u', text }]);
    await store.close();
  });

  test('is closed once, however often one asks', async () => {
    const store = await openSqliteStore(path);
    await Promise.all([store.close(), store.close()]);
    await (await openSqliteStore(path)).close();
  });

  test('of a newer program is refused, and stays as it was', async () => {
    await (await openSqliteStore(path)).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(openSqliteStore(path)).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
      message: expect.stringMatching(/has schema version 99, this program knows up to \d+/),
    });
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
    after.close();
  });

  test('that is no database is refused by name, and stays as it was', async () => {
    const other = join(folder, 'notes.txt');
    writeFileSync(other, 'shift notes\n'.repeat(1000));
    await expect(openSqliteStore(other)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('file is not a database'),
    });
    expect(readFileSync(other, 'utf8')).toBe('shift notes\n'.repeat(1000));
  });

  test('on a full disk refuses a change by code, and memory and file keep the same good state', async () => {
    // Given a queue in a process that may write no file beyond 512 KiB
    const script = ['-c', 'ulimit -f 512; exec "$@"', 'sh', process.execPath, child('full-disk-child.ts'), path];
    const writer = spawn('sh', script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    // When it adds items until one is refused
    const [[report]] = await Promise.all([once(writer, 'message'), once(writer, 'close')]);
    // Then the refusal is coded, the queue in memory has what was acknowledged, and so has the file
    expect(report).toMatchObject({ code: 'STORE_FAILED', textIsUnchanged: true });
    const queue = await openPlanQueue(await openSqliteStore(path));
    expect(queue.size).toBe((report as { size: number }).size);
    expect(queue.size).toBeGreaterThan(0);
    await queue.close();
  });
});

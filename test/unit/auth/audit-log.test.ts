import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditLog } from '../../../src/auth/audit-log.ts';

let folder: string;
let path: string;
let log: AuditLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  path = join(folder, 'logs', 'audit.jsonl');
  log = new AuditLog(path, () => new Date(0));
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

test('an event is a line that is there at once', () => {
  log.record({ name: 'bob', address: '::1' }, { what: 'signed in', provider: 'toy' });
  expect(readFileSync(path, 'utf8')).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","what":"signed in","who":{"name":"bob","address":"::1"},"provider":"toy"}\n',
  );
});

test('a line feed in a name begins no line of its own', () => {
  log.record({ name: 'eve\n{"what":"signed in"}' }, { what: 'sign-in refused' });
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(1);
});

test('no file is made before there is something to say, and what is there is kept', () => {
  expect(existsSync(path)).toBe(false);
  log.record({ name: 'bob' }, { what: 'one' });
  const next = new AuditLog(path);
  next.record({ name: 'bob' }, { what: 'two' });
  next.close();
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(2);
});

test('a file of 16 MiB makes room for the next, and eight are kept', () => {
  const large = 'x'.repeat(15 * 2 ** 20);
  for (let n = 0; n < 10; n++) log.record({ name: 'bob' }, { what: `${n}`, large });
  const whats = ['', '.1', '.7'].map((ending) => /"what":"(\d)"/.exec(readFileSync(path + ending, 'latin1'))?.[1]);
  expect(whats).toEqual(['9', '8', '2']);
  expect(existsSync(`${path}.8`)).toBe(false);
  expect(statSync(`${path}.7`).mode & 0o777).toBe(0o600);
});

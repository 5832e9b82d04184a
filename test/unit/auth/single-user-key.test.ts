import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { singleUserKey } from '../../../src/auth/single-user-key.ts';
import { gatewaySecrets } from '../../../src/config/secrets.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'beamgate-key-'));
  file = join(folder, 'key');
  writeFileSync(file, 'fromfile\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the key of the file opens, whatever whitespace ends it', () => {
  expect(singleUserKey(null, file)?.matches('fromfile')).toBe(true);
});

test('the key of the environment goes before it', () => {
  const key = singleUserKey(gatewaySecrets({ QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: 'a' }).singleUserApiKey, file);
  expect([key?.matches('a'), key?.matches('fromfile')]).toEqual([true, false]);
});

test('an empty variable is none', () => {
  expect(gatewaySecrets({ QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: '' }).singleUserApiKey).toBeNull();
});

test('a file that is not there ends the start', () => {
  expect(() => singleUserKey(null, join(folder, 'none'))).toThrow('ENOENT');
});

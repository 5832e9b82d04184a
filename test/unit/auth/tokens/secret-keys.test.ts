import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretKeys } from '../../../../src/auth/tokens/secret-keys.ts';
import { gatewaySecrets } from '../../../../src/config/secrets.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(folder, 'secret-key');
});
afterEach(() => rmSync(folder, { recursive: true }));

const GOOD = '0123456789abcdef0123456789abcdef';

test('those of the configuration are taken as they are', () => {
  expect(secretKeys([GOOD, GOOD.toUpperCase()], file)).toEqual([GOOD, GOOD.toUpperCase()]);
});

test.each([
  ['a', /^Secret key 2 of 2 is weak: it must have at least 32 bytes, received 1; make one with: openssl rand -hex 32$/],
  ['ab'.repeat(32), /at least 8 different characters, received 2/],
])('%s is refused by its rule', (weak, message) => {
  expect(() => secretKeys([GOOD, weak], file)).toThrow(message);
});

test('a refusal does not tell the key', () => {
  expect(() => secretKeys(['mysecret'], file)).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('mysecret') }),
  );
});

test('without any, one is made and kept', () => {
  const [made] = secretKeys([], file);
  expect(made).toMatch(/^[0-9a-f]{64}$/);
  expect(secretKeys([], file)).toEqual([made]);
  expect(readFileSync(file, 'utf8')).toBe(made);
});

test('a kept one that somebody has made weak is refused by its file', () => {
  writeFileSync(file, 'short\n');
  expect(() => secretKeys([], file)).toThrow(`The secret key in ${file} is weak`);
});

test('the environment names several, by the name that the original reads and by the one that its manual writes', () => {
  expect(gatewaySecrets({ QSERVER_HTTP_SERVER_SERVER_SECRET_KEYS: 'one;two' }).secretKeys).toEqual(['one', 'two']);
  expect(gatewaySecrets({ QSERVER_HTTP_SERVER_SECRET_KEYS: 'one' }).secretKeys).toEqual(['one']);
  expect(gatewaySecrets({}).secretKeys).toEqual([]);
});

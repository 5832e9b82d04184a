import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfigFiles } from '../../../src/config/config-files.ts';
import { settingsInFiles } from '../../../src/config/settings-in-files.ts';
import { aFolder } from '../../support/supervised.ts';

const says = 'A setting.';
const table = {
  address: { says, file: 'network/address', default: null },
  depth: { says, file: 'startup/depth', form: 'integer', default: '0' },
  print: { says, file: 'operation/print', form: 'on-off', default: 'ON' },
  keys: { says, file: 'worker/keys', form: 'list', default: null },
  key: { says, file: 'network/private_key', secret: true, default: null },
} as const;

/** The settings that a file with this text names. */
function settingsOf(text: string, elsewhere: readonly string[] = []) {
  using folder = aFolder();
  const file = join(folder.path, 'config.yml');
  writeFileSync(file, text);
  const values = settingsInFiles(readConfigFiles(file, { environment: {} }), table, elsewhere);
  return new Map(Array.from(values, ([path, { value, place }]) => [path, [value, place.slice(file.length)]]));
}

test('each key becomes a value in the form that options have, with its line', () => {
  const text = `network:\n  address: tcp://*:1\nstartup:\n  depth: 3\noperation:\n  print: false\nworker:\n  keys: [/a, /b]\n`;
  expect(Object.fromEntries(settingsOf(text))).toEqual({
    'network/address': ['tcp://*:1', ':2'],
    'startup/depth': ['3', ':4'],
    'operation/print': ['OFF', ':6'],
    'worker/keys': ['["/a","/b"]', ':8'],
  });
});

test.each([
  ['network: {adress: x}', ":1: unknown key 'network/adress' (Did you mean 'network/address'?)"],
  ['netwrok: {}', ":1: unknown section 'netwrok' (Did you mean 'network'?)"],
  ['something: {}', ":1: unknown section 'something'"],
  ['network: 5', ":1: 'network' must hold keys, received a number"],
  ['network:', ":1: 'network' must hold keys, received nothing"],
  ['network: {address: 5}', ":1: 'network/address' must be a text, received 5"],
  ['startup: {depth: 1.5}', ":1: 'startup/depth' must be a whole number, received 1.5"],
  ['operation: {print: "ON"}', `:1: 'operation/print' must be true or false, received "ON"`],
  ['worker: {keys: [/a, /a]}', `:1: 'worker/keys' must be a list of different texts, received ["/a","/a"]`],
])('%s is refused by name', (text, sentence) => {
  expect(() => settingsOf(text)).toThrow(sentence);
});

test('a secret of the wrong kind is not shown', () => {
  expect(() => settingsOf('network: {private_key: 1234567}')).toThrow(
    "'network/private_key' must be a text, received a number",
  );
});

test('sections that somebody else reads are left to them', () => {
  expect(settingsOf('authentication: {anything: 1}', ['authentication']).size).toBe(0);
});

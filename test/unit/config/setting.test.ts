import { expect, test } from 'vitest';
import { deprecations, integerOf, listOf, resolveSettings, SettingRefused } from '../../../src/config/setting.ts';
import type { FileValue } from '../../../src/config/setting.ts';

const table = {
  port: {
    says: 'A port.',
    option: '--port <number>',
    env: 'A_PORT',
    file: 'network/port',
    former: { option: '--old-port <number>', env: ['OLD_PORT'] },
    default: '1',
  },
  mode: { says: 'A mode.', option: '--mode <mode>', choices: ['ON', 'OFF'], default: 'OFF' },
  print: { says: 'A switch.', env: 'PRINT', form: 'on-off', choices: ['ON', 'OFF'], default: 'OFF' },
  encoding: { says: 'Any case.', env: 'ENCODING', choices: ['json', 'msgpack'], isCaseless: true, default: 'json' },
  keys: { says: 'Words.', option: '--keys <keys...>', env: 'KEYS', form: 'list', default: '["/"]' },
} as const;
const none = { options: {}, environment: {}, file: new Map<string, FileValue>() };

test('an option goes before the file, that before the environment, that before the default', () => {
  const file = new Map([['network/port', { value: '2', place: 'config.yml:7' }]]);
  const environment = { A_PORT: '3' };
  const options = { port: '4' };

  expect(resolveSettings(table, none).port).toEqual({ value: '1', origin: 'default', from: '' });
  expect(resolveSettings(table, { ...none, environment }).port).toEqual({
    value: '3',
    origin: 'environment',
    from: 'A_PORT',
  });
  expect(resolveSettings(table, { ...none, file, environment }).port).toEqual({
    value: '2',
    origin: 'file',
    from: 'network/port (config.yml:7)',
  });
  expect(resolveSettings(table, { options, file, environment }).port).toEqual({
    value: '4',
    origin: 'option',
    from: '--port',
  });
});

test('a former name holds where the present one is not given, and is warned of', () => {
  const options = { oldPort: '5' };
  const environment = { OLD_PORT: '6' };
  const byOption = resolveSettings(table, { ...none, options, environment });
  const byVariable = resolveSettings(table, { ...none, environment });
  const byBoth = resolveSettings(table, { ...none, environment: { ...environment, A_PORT: '7' } });

  expect([byOption.port.value, byVariable.port.value, byBoth.port.value]).toEqual(['5', '6', '7']);
  expect(deprecations(table, byOption)).toEqual([
    'Parameter --old-port is deprecated and will be removed in future releases. Use --port instead.',
  ]);
  expect(deprecations(table, byVariable)).toEqual([
    'Environment variable OLD_PORT is deprecated and will be removed in future releases. Use A_PORT instead',
  ]);
  expect(deprecations(table, byBoth)).toEqual([]);
});

test('an empty variable counts as not set', () => {
  expect(resolveSettings(table, { ...none, environment: { A_PORT: '' } }).port.origin).toBe('default');
});

test('a value that is no choice is refused with the name it came by, the choices and the value', () => {
  const options = { mode: 'maybe' };
  expect(() => resolveSettings(table, { ...none, options })).toThrow("--mode must be one of ON, OFF, received 'maybe'");
});

test.each([
  ['yes', 'ON'],
  ['True', 'ON'],
  ['1', 'ON'],
  ['off', 'OFF'],
  ['F', 'OFF'],
])('in the environment %s is a word for %s', (word, value) => {
  expect(resolveSettings(table, { ...none, environment: { PRINT: word } }).print.value).toBe(value);
});

test('a choice may come in any case where the original says so', () => {
  expect(resolveSettings(table, { ...none, environment: { ENCODING: 'MSGPACK' } }).encoding.value).toBe('msgpack');
});

test('a list is parted by colons in the environment', () => {
  const { keys } = resolveSettings(table, { ...none, environment: { KEYS: '/a/b:/c' } });
  expect(listOf(keys)).toEqual(['/a/b', '/c']);
  expect(listOf(resolveSettings(table, none).keys)).toEqual(['/']);
});

test.each(['', 'x', '1.5', '-1', '65536'])('%j is no port', (value) => {
  const resolved = { value, origin: 'option', from: '--port' } as const;
  expect(() => integerOf('--port', resolved, { min: 0, max: 65535 })).toThrow(SettingRefused);
});

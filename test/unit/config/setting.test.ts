import { expect, test } from 'vitest';
import { integerOf, resolveSettings, SettingRefused } from '../../../src/config/setting.ts';

const table = {
  port: { says: 'A port.', option: '--port <number>', env: 'A_PORT', file: 'network/port', default: '1' },
  mode: { says: 'A mode.', option: '--mode <mode>', choices: ['ON', 'OFF'], default: 'OFF' },
} as const;
const none = { options: {}, environment: {}, file: new Map<string, string>() };

test('an option goes before the environment, that before the file, that before the default', () => {
  const file = new Map([['network/port', '2']]);
  const environment = { A_PORT: '3' };
  const options = { port: '4' };

  expect(resolveSettings(table, { ...none }).port).toEqual({ value: '1', origin: 'default' });
  expect(resolveSettings(table, { ...none, file }).port).toEqual({ value: '2', origin: 'file' });
  expect(resolveSettings(table, { ...none, file, environment }).port).toEqual({ value: '3', origin: 'environment' });
  expect(resolveSettings(table, { options, file, environment }).port).toEqual({ value: '4', origin: 'option' });
});

test('an empty variable counts as not set', () => {
  expect(resolveSettings(table, { ...none, environment: { A_PORT: '' } }).port.origin).toBe('default');
});

test('a value that is no choice is refused with the option, the choices and the value', () => {
  const options = { mode: 'maybe' };
  expect(() => resolveSettings(table, { ...none, options })).toThrow(
    "--mode <mode> must be one of ON, OFF, received 'maybe'",
  );
});

test.each(['', 'x', '1.5', '-1', '65536'])('%j is no port', (value) => {
  const resolved = { value, origin: 'option' } as const;
  expect(() => integerOf('--port', resolved, { min: 0, max: 65535 })).toThrow(SettingRefused);
});

import { expect, test } from 'vitest';
import { readPythonYaml } from '../../../src/lib/python-yaml.ts';

const valueOf = (text: string): unknown => readPythonYaml(text, { uniqueKeys: false }).document.toJS();

// What PyYAML 6 makes of the same texts.
test.each([
  ['[y, n, Y, N]', ['y', 'n', 'Y', 'N']],
  ['[yes, No, on, OFF, true]', [true, false, true, false, true]],
  ['{x: 1, y: 2, n: 3}', { x: 1, y: 2, n: 3 }],
  ['[1e3, 1.5e3, 1.5e+3, -2.0E-1, .5e+1]', ['1e3', '1.5e3', 1500, -0.2, 5]],
  ['[1., .5, -1.5, 0o7, 010, 1_000]', [1, 0.5, -1.5, '0o7', 8, 1000]],
  ['{a: 1, a: 2}', { a: 2 }],
])('%s is what it is for PyYAML', (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

test('a key that stands twice is a fault where keys are to be unique', () => {
  expect(readPythonYaml('a: 1\na: 2', { uniqueKeys: true }).faults).toHaveLength(1);
  expect(readPythonYaml('a: 1\na: 2', { uniqueKeys: false }).faults).toHaveLength(0);
});

test('an unknown tag is a fault', () => {
  expect(readPythonYaml('a: !secret x', { uniqueKeys: false }).faults[0]?.message).toContain('Unresolved tag: !secret');
});

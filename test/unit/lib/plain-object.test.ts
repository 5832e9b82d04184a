import { expect, test } from 'vitest';
import { isPlainObject } from '../../../src/lib/plain-object.ts';

test.each([[{}], [{ a: 1 }], [Object.create(null)], [JSON.parse('{"constructor":1}')]])(
  '%j is of no class',
  (value) => {
    expect(isPlainObject(value)).toBe(true);
  },
);

test.each([[null], [[]], ['text'], [new Map()], [new Date(0)], [() => ({})]])('%o is something else', (value) => {
  expect(isPlainObject(value)).toBe(false);
});

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERRORS } from '../../../src/protocol/error-codes.ts';

const TABLE = 'src/protocol/error-codes.ts';
const codes = Object.keys(ERRORS);
const sources = globSync('src/**/*.ts').filter((file) => file !== TABLE);
const texts = sources.map((file) => readFileSync(file, 'utf8'));

/** The manager says this to whatever JSON stands for a method, before there is an error to throw. */
const SAID_WITHOUT_A_CODE = new Set(['UNKNOWN_METHOD']);

test('there are sources to search', () => {
  expect(texts.length).toBeGreaterThan(300);
});

test.each(codes.filter((code) => !SAID_WITHOUT_A_CODE.has(code)))('%s is used', (code) => {
  expect(texts.some((text) => text.includes(`'${code}'`))).toBe(true);
});

test('a code stands once in the table', () => {
  const declared = Array.from(readFileSync(TABLE, 'utf8').matchAll(/^ {2}([A-Z_]+): error/gm), ([, code]) => code);
  expect(declared).toEqual([...new Set(declared)]);
  expect(declared).toEqual(codes);
});

test('docs/reference/errors.md has a row for each code, and no other', () => {
  const page = readFileSync('docs/reference/errors.md', 'utf8');
  expect(Array.from(page.matchAll(/^\| `([A-Z_]+)`/gm), ([, code]) => code)).toEqual(codes);
});

test('each sentence says something about what it is given', () => {
  const names = new Proxy({}, { get: (_, name) => `<${String(name)}>` });
  for (const [code, { says }] of Object.entries(ERRORS)) {
    expect((says as (about: object) => string)(names).trim(), code).not.toBe('');
  }
});

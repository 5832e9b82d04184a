import { expect, test } from 'vitest';
import { pickled } from '../../../src/lib/pickle.ts';
import { WholeFloat } from '../../../src/lib/raw-json.ts';

/** As Python's `pickletools.dis` would take it apart; without the protocol and the full stop. */
const body = (value: unknown): string => pickled(value).subarray(2, -1).toString('latin1');

test('a pickle tells its protocol and where it stops, behind the head', () => {
  expect(pickled(null, 'p event ').toString('latin1')).toBe('p event \x80\x02N.');
});

test('whole numbers are integers in as few bytes as protocol 2 has for them', () => {
  expect([0, 255, 256, 65535, 65536, -1, -(2 ** 31)].map(body)).toEqual([
    'K\0',
    'K\xff',
    'M\0\x01',
    'M\xff\xff',
    'J\0\0\x01\0',
    'J\xff\xff\xff\xff',
    'J\0\0\0\x80',
  ]);
});

test('integers beyond four bytes are in twos complement, at any length', () => {
  expect([2 ** 31, 2n ** 63n, -(2n ** 63n), 128n, -128n, 0n].map(body)).toEqual([
    '\x8a\x05\0\0\0\x80\0',
    '\x8a\x09\0\0\0\0\0\0\0\x80\0',
    '\x8a\x08\0\0\0\0\0\0\0\x80',
    '\x8a\x02\x80\0',
    '\x8a\x01\x80',
    '\x8a\x01\0',
  ]);
});

test('fractions, what is no number, negative zero and whole floats are floats', () => {
  expect(body(1.5)).toBe('G\x3f\xf8\0\0\0\0\0\0');
  expect(body(Number.NaN)).toBe('G\x7f\xf8\0\0\0\0\0\0');
  expect(body(-0)).toBe('G\x80\0\0\0\0\0\0\0');
  expect(body(new WholeFloat(1))).toBe('G\x3f\xf0\0\0\0\0\0\0');
});

test('typed arrays are lists of what their type holds', () => {
  expect(body(Float64Array.of(1))).toBe('](G\x3f\xf0\0\0\0\0\0\0e');
  expect(body(Uint8Array.of(1))).toBe('](K\x01e');
  expect(body(BigInt64Array.of(-1n))).toBe('](\x8a\x01\xffe');
});

test('members that are undefined are left out, texts are UTF-8', () => {
  expect(pickled({ ü: true, gone: undefined, no: [] }).subarray(2)).toEqual(
    Buffer.concat([Buffer.from('}(X\x02\0\0\0'), Buffer.from('ü'), Buffer.from('\x88X\x02\0\0\0no]u.', 'latin1')]),
  );
});

test('a large value grows the buffer as often as it needs', () => {
  const text = 'ß'.repeat(10_000);
  expect(pickled([text, text]).length).toBe(2 + 2 + 2 * (5 + 20_000) + 1 + 1);
});

test('what has no form in Python is refused', () => {
  expect(() => pickled({ call: () => undefined })).toThrow('A function has no form in Python');
});

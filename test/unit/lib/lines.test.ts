import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/lib/lines.ts';

test('lines come whole, however the bytes were cut', () => {
  const bytes = Buffer.from('first\nzwölf µm\nrest');
  const splitter = new LineSplitter(1000);
  const lines = [...bytes].flatMap((byte) => splitter.push(Buffer.of(byte)));
  expect(lines).toEqual(['first', 'zwölf µm']);
});

test('several lines in one chunk are several lines', () => {
  expect(new LineSplitter(100).push(Buffer.from('a\n\nb\n'))).toEqual(['a', '', 'b']);
});

test('a line that never ends is an error, not memory', () => {
  const splitter = new LineSplitter(10);
  splitter.push(Buffer.from('12345'));
  expect(() => splitter.push(Buffer.from('678901'))).toThrow(RangeError);
});

test('the limit is that of one line, not of all', () => {
  const splitter = new LineSplitter(4);
  for (let round = 0; round < 10; round++) expect(splitter.push(Buffer.from('1234\n'))).toEqual(['1234']);
});

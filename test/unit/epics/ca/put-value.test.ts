import { describe, expect, test } from 'vitest';
import { decodeDbr } from '../../../../src/epics/ca/codec/dbr.ts';
import { DBR, type NativeType } from '../../../../src/epics/ca/codec/dbr-types.ts';
import { ECA } from '../../../../src/epics/ca/codec/status-codes.ts';
import { encodePut, type PutValue } from '../../../../src/epics/ca/put-value.ts';

const sent = (value: PutValue, type: NativeType, count = 100) => {
  const encoded = encodePut(value, { type, count });
  return { type: encoded.type, value: decodeDbr(encoded).value };
};

describe('what a channel can hold is sent as it is', () => {
  test.each<[string, PutValue, NativeType, NativeType, unknown]>([
    ['a number to DOUBLE', 7.25, DBR.DOUBLE, DBR.DOUBLE, 7.25],
    ['NaN to DOUBLE', NaN, DBR.DOUBLE, DBR.DOUBLE, NaN],
    ['-Infinity to FLOAT', -Infinity, DBR.FLOAT, DBR.FLOAT, -Infinity],
    ['a fraction to LONG, cut towards zero', -1.5, DBR.LONG, DBR.LONG, -1],
    ['true to ENUM', true, DBR.ENUM, DBR.ENUM, 1],
    ['a bigint to LONG', 42n, DBR.LONG, DBR.LONG, 42],
    ['2^53 as bigint to DOUBLE', 2n ** 53n, DBR.DOUBLE, DBR.DOUBLE, 2 ** 53],
    ['a text to ENUM goes as text', 'Two', DBR.ENUM, DBR.STRING, 'Two'],
    ['a text to DOUBLE goes as text', '12.5', DBR.DOUBLE, DBR.STRING, '12.5'],
    ['39 bytes of text', 'x'.repeat(39), DBR.STRING, DBR.STRING, 'x'.repeat(39)],
    ['a number to STRING', 12.5, DBR.STRING, DBR.STRING, '12.5'],
    ['false to STRING', false, DBR.STRING, DBR.STRING, '0'],
    ['a list of numbers', [1, 2, 3], DBR.SHORT, DBR.SHORT, Int16Array.of(1, 2, 3)],
    ['a list with one text goes as texts', [1, 'b'], DBR.STRING, DBR.STRING, ['1', 'b']],
    ['signed bytes', Int8Array.of(-1, 1), DBR.CHAR, DBR.CHAR, Uint8Array.of(255, 1)],
    ['64-bit integers that fit', BigInt64Array.of(-5n, 5n), DBR.DOUBLE, DBR.DOUBLE, Float64Array.of(-5, 5)],
    ['a typed array of another type', Uint16Array.of(1, 65_535), DBR.LONG, DBR.LONG, Int32Array.of(1, 65_535)],
  ])('%s', (_case, value, native, type, expected) => {
    expect(sent(value, native)).toEqual({ type, value: expected });
  });

  test('all bytes to CHAR', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(sent(bytes, DBR.CHAR, 256).value).toEqual(bytes);
  });

  test('a text to an array of CHAR is a long string with its final zero', () => {
    const text = 'é'.repeat(101);
    const { type, value } = sent(text, DBR.CHAR, 500);
    expect(type).toBe(DBR.CHAR);
    expect(Buffer.from(value as Uint8Array).toString()).toBe(`${text}\0`);
  });

  test('a text to a single CHAR is a number in words', () => {
    expect(sent('5', DBR.CHAR, 1)).toEqual({ type: DBR.STRING, value: '5' });
  });
});

describe('what a channel cannot hold is refused before it is sent', () => {
  test.each<[string, PutValue, NativeType, number]>([
    ['NaN to LONG', NaN, DBR.LONG, ECA.NOCONVERT],
    ['Infinity to SHORT', Infinity, DBR.SHORT, ECA.NOCONVERT],
    ['3e9 to LONG', 3e9, DBR.LONG, ECA.NOCONVERT],
    ['40,000 to SHORT', 40_000, DBR.SHORT, ECA.NOCONVERT],
    ['-1 to ENUM', -1, DBR.ENUM, ECA.NOCONVERT],
    ['256 to CHAR', 256, DBR.CHAR, ECA.NOCONVERT],
    ['1e300 to FLOAT', 1e300, DBR.FLOAT, ECA.NOCONVERT],
    ['2^53 + 1 as bigint to DOUBLE', 2n ** 53n + 1n, DBR.DOUBLE, ECA.NOCONVERT],
    ['one NaN among many to LONG', Float64Array.of(1, NaN), DBR.LONG, ECA.NOCONVERT],
    ['40 bytes of text', 'x'.repeat(40), DBR.STRING, ECA.BADSTR],
    ['20 characters of 2 bytes', 'é'.repeat(20), DBR.STRING, ECA.BADSTR],
    ['too many elements', new Float64Array(101), DBR.DOUBLE, ECA.BADCOUNT],
    ['no element', [], DBR.DOUBLE, ECA.BADCOUNT],
    ['undefined', undefined as never, DBR.DOUBLE, ECA.BADTYPE],
    ['null to STRING', null as never, DBR.STRING, ECA.BADTYPE],
    ['an object', { value: 1 } as never, DBR.DOUBLE, ECA.BADTYPE],
    ['a list in a list', [[1]] as never, DBR.LONG, ECA.BADTYPE],
    ['a long string that is too long', 'x'.repeat(100), DBR.CHAR, ECA.BADCOUNT],
  ])('%s', (_case, value, type, code) => {
    expect(() => encodePut(value, { type, count: 100 })).toThrow(expect.objectContaining({ name: 'CaError', code }));
  });
});

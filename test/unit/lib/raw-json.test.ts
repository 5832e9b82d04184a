import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrayText,
  elements,
  members,
  objectText,
  parsePlain,
  parseView,
  WholeFloat,
  withoutNumberWords,
} from '../../../src/lib/raw-json.ts';

describe('JSON that passes through unchanged', () => {
  test('an object is cut into the texts of its members, in order', () => {
    const found = members(' {"a": 1.0, "b" :[1,{"x":"]}"}],\n"c":"\\"" } ');
    expect([...found]).toEqual([
      ['a', '1.0'],
      ['b', '[1,{"x":"]}"}]'],
      ['c', '"\\""'],
    ]);
  });

  test('of two equal keys the last one counts, as in Python', () => {
    expect(members('{"a":1,"a":2}').get('a')).toBe('2');
  });

  test('keys that look like integers keep their place', () => {
    expect(objectText(members('{"z":1,"1":2}'))).toBe('{"z":1,"1":2}');
  });

  test.each(['9223372036854775808', '1.0', '-0.0', '1e400', 'NaN', '-Infinity'])(
    '%s stays as it was sent',
    (number) => {
      expect(elements(`[${number}, ${number}]`)).toEqual([number, number]);
    },
  );

  test.each(['', '[', '{"a"}', '{"a":}', '{a:1}', '[1,]', '[1] x', '{"a":1', '"', '{"a":tru}', '\u0000'])(
    'what is no object is refused with its place: %j',
    (text) => {
      expect(() => members(text)).toThrow(/^JSON: expected .* at character \d+/);
    },
  );

  test('junk ends in a SyntaxError or a cut, never in anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const cut of [members, elements]) {
          try {
            cut(text);
          } catch (error) {
            expect(error).toBeInstanceOf(SyntaxError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('cutting and joining are inverse', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()), (object, array) => {
        const text = JSON.stringify(object);
        expect(objectText(members(text))).toBe(text);
        expect(arrayText(elements(JSON.stringify(array)))).toBe(JSON.stringify(array));
      }),
    );
  });
});

describe('the view of a slice, for judging', () => {
  test('tells 1.0 from 1, and keeps large integers', () => {
    expect(parseView('[1.0, 1, 1.5, 9223372036854775808]')).toEqual([new WholeFloat(1), 1, 1.5, 9223372036854775808n]);
  });

  test('reads the words of Python outside texts only', () => {
    expect(parseView('[NaN, -Infinity, "NaN", "a Infinity"]')).toEqual([Number.NaN, -Infinity, 'NaN', 'a Infinity']);
    expect(parsePlain('{"a": NaN, "NaN": 1}')).toEqual({ a: Number.NaN, NaN: 1 });
  });

  test('for HTTP, which has no word for them, they are null', () => {
    expect(withoutNumberWords('{"a":NaN,"b":"NaN","c":-Infinity}')).toBe('{"a":null,"b":"NaN","c":null}');
  });
});

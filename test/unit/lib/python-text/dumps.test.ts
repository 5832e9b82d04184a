import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonJson } from '../../../../src/lib/python-text/dumps.ts';

test.each([
  ['{"a":1,"b":[1,2.50,true,null]}', '{"a": 1, "b": [1, 2.5, true, null]}'],
  ['{"9":1,"b":2,"1":3}', '{"9": 1, "b": 2, "1": 3}'],
  ['[1.0,1e5,1E+16,1e-5,0.0001,-0.0,1e999]', '[1.0, 100000.0, 1e+16, 1e-05, 0.0001, -0.0, Infinity]'],
  ['[NaN,Infinity,-Infinity]', '[NaN, Infinity, -Infinity]'],
  ['[9223372036854775808,-0]', '[9223372036854775808, 0]'],
  ['{"é":"😀\\u00e9\\/\u007f"}', '{"\\u00e9": "\\ud83d\\ude00\\u00e9/\\u007f"}'],
  ['"\\u000b\\n\\"\\\\\\u0041"', '"\\u000b\\n\\"\\\\A"'],
  ['{"a":1,"b":2,"a":3}', '{"a": 3, "b": 2}'],
  [' { } ', '{}'],
  ['[ ]', '[]'],
])('%s is %s to Python', (text, expected) => {
  expect(pythonJson(text)).toBe(expected);
});

test('what Python wrote stays as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const once = pythonJson(text);
      expect(pythonJson(once)).toBe(once);
      const withoutSign = (_: string, value: unknown) => (value === 0 ? 0 : value); // Python's integer -0 is 0.
      expect(JSON.parse(once, withoutSign)).toEqual(JSON.parse(text, withoutSign));
    }),
  );
});

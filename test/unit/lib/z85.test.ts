import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z85Decoded, z85Encoded } from '../../../src/lib/z85.ts';

test("the specification's own example", () => {
  expect(z85Encoded(Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b))).toBe('HelloWorld');
});

test('decoding undoes encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (some) => {
      const bytes = some.subarray(0, some.length - (some.length % 4));
      expect(z85Decoded(z85Encoded(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test.each(['abc', 'Hello World', 'Hell"', '#####'])('%s is no Z85', (text) => {
  expect(z85Decoded(text)).toBeNull();
});

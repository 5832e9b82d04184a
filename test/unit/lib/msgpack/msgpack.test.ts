import { decode, encode } from '@msgpack/msgpack';
import { assert, jsonValue, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonFromMsgpack } from '../../../../src/lib/msgpack/msgpack-to-json.ts';
import { msgpackFromJson } from '../../../../src/lib/msgpack/json-to-msgpack.ts';

describe('MessagePack', () => {
  test('comes back as the text that it was made of, floats as floats and long integers whole', () => {
    const text =
      '{"a":[1.0,1,-1,-33,300,-40000,70000,18446744073709551615,-9223372036854775808],"b":{"c":null,"d":-0.0},"é":"ü𝄞"}';
    expect(jsonFromMsgpack(msgpackFromJson(text))).toBe(text);
  });

  test('is what another implementation reads and writes', () => {
    assert(
      // The other implementation takes no key `__proto__`: that one is for ours alone, below.
      property(
        jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
        (value) => {
          const text = JSON.stringify(value);
          expect(decode(msgpackFromJson(text))).toEqual(JSON.parse(text));
          expect(JSON.parse(jsonFromMsgpack(encode(JSON.parse(text))))).toEqual(JSON.parse(text));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('keeps a key that is special to JavaScript', () => {
    const text = '{"__proto__":1,"a":{"__proto__":{"b":2}}}';
    expect(jsonFromMsgpack(msgpackFromJson(text))).toBe(text);
  });

  test('that is junk is refused, and never takes more memory than it has bytes', () => {
    assert(
      property(uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          jsonFromMsgpack(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
    expect(() => jsonFromMsgpack(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))).toThrow('incomplete input');
  });
});

import { describe, expect, test } from 'vitest';
import { NotARequest, requestIn, textOf } from '../../../../src/manager/control/request-text.ts';
import { jsonFault } from '../../../../src/manager/control/json-fault.ts';

const refusalOf = (text: string): string => {
  try {
    requestIn(text);
  } catch (error) {
    if (error instanceof NotARequest) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('a request', () => {
  test('keeps its parameters as they were written', () => {
    expect(requestIn('{"method": "m", "params": {"a": 1.0, "b": [ 2 ]}}')).toMatchObject({
      method: 'm',
      paramsText: '{"a": 1.0, "b": [ 2 ]}',
    });
  });

  test('that is long is understood as a short one is, and viewed part by part', () => {
    const params = `{"items":[${Array(5000).fill('1.0').join(',')}],"pos":null}`;
    expect(requestIn(`{"params":${params},"method":"m"}`)).toEqual({
      method: 'm',
      params: undefined,
      paramsText: params,
    });
  });

  test.each([
    [`{"a":"${'x'.repeat(20_000)}"}`, 'Invalid request format: method is not specified:'],
    [`{"method":"m","extra":"${'x'.repeat(20_000)}"}`, "Request contains unexpected keys ['extra']"],
    [`["${'x'.repeat(20_000)}"]`, "Incorrect request type: <class 'list'>"],
    [`{"method":"${'x'.repeat(20_000)}"`, "Failed to decode the request: JSON decode error: Expecting ',' delimiter"],
  ])('that is long and none is refused as a short one is (%#)', (text, sentence) => {
    expect(refusalOf(text)).toContain(sentence);
  });

  test.each([
    [[0xff, 0xfe], 'byte 0xff in position 0: invalid start byte'],
    [[0x22, 0xc3, 0x28], 'byte 0xc3 in position 1: invalid continuation byte'],
    [[0xe2, 0x82], 'bytes in position 0-1: unexpected end of data'],
    [[0xe2, 0x82, 0x41], 'bytes in position 0-1: invalid continuation byte'],
    [[0xed, 0xa0, 0x80], 'byte 0xed in position 0: invalid continuation byte'],
  ])('whose bytes %j are no UTF-8 is told where', (bytes, where) => {
    expect(() => textOf(Uint8Array.from(bytes))).toThrow(
      `Failed to decode the request: JSON decode error: 'utf-8' codec can't decode ${where}`,
    );
  });
});

test.each([
  ['{"a":1,}', 'Expecting property name enclosed in double quotes: line 1 column 8 (char 7)'],
  ['[1,]', 'Expecting value: line 1 column 4 (char 3)'],
  ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
  ['"abc', 'Unterminated string starting at: line 1 column 1 (char 0)'],
  [String.raw`"a\x"`, String.raw`Invalid \escape: line 1 column 3 (char 2)`],
  [String.raw`"\u12"`, String.raw`Invalid \uXXXX escape: line 1 column 3 (char 2)`],
  ['1 2', 'Extra data: line 1 column 3 (char 2)'],
  ['"a\tb"', 'Invalid control character at: line 1 column 3 (char 2)'],
  ['{\n"𝄞": x', 'Expecting value: line 2 column 6 (char 7)'],
])('what is wrong with %j is said in the words of Python', (text, words) => {
  expect(jsonFault(text)).toBe(words);
});

import { describe, expect, test } from 'vitest';
import { parseView } from '../../../../src/lib/raw-json.ts';
import { pformat } from '../../../../src/lib/python-text/pprint.ts';
import { PyComplex, PyMember, PySet, PyTuple, typeName } from '../../../../src/lib/python-text/py-value.ts';
import type { PyJson, PyValue } from '../../../../src/lib/python-text/py-value.ts';
import { repr, str } from '../../../../src/lib/python-text/repr.ts';
import { printed } from '../../../../src/lib/python-text/shortened.ts';

const view = (text: string): PyJson => parseView(text) as PyJson;

describe('the repr of a value', () => {
  test.each<[string, string]>([
    ['null', 'None'],
    ['true', 'True'],
    ['1', '1'],
    ['-0', '0'],
    ['1.0', '1.0'],
    ['-0.0', '-0.0'],
    ['1e3', '1000.0'],
    ['1e16', '1e+16'],
    ['1e-05', '1e-05'],
    ['0.0001', '0.0001'],
    ['0.1', '0.1'],
    ['123456789.125', '123456789.125'],
    ['NaN', 'nan'],
    ['-Infinity', '-inf'],
    ['9223372036854775808', '9223372036854775808'],
    ['"a"', "'a'"],
    [String.raw`"it's"`, `"it's"`],
    [String.raw`"both ' and \""`, String.raw`'both \' and "'`],
    [String.raw`"\n\t\\é\u200b\u0007 😀"`, String.raw`'\n\t\\é\u200b\x07 😀'`],
    ['[1, [], {"a": null}]', "[1, [], {'a': None}]"],
    ['{"__proto__": 1}', "{'__proto__': 1}"],
  ])('%s is shown as Python shows it', (text, shown) => {
    expect(repr(view(text))).toBe(shown);
  });

  test.each<[PyValue, string, string]>([
    [new PyTuple([1]), '(1,)', 'tuple'],
    [new PyTuple([1, 'a']), "(1, 'a')", 'tuple'],
    [new PySet([]), 'set()', 'set'],
    [new PyComplex(1, 0), '(1+0j)', 'complex'],
    [new PyComplex(0, 2.5), '2.5j', 'complex'],
    [new PyMember('Mode', 'fast'), "<Mode.fast: 'fast'>", 'Mode'],
  ])('of Python types that JSON lacks is Python text, too', (value, shown, type) => {
    expect([repr(value), typeName(value)]).toEqual([shown, type]);
  });

  test('differs from str for texts and members alone', () => {
    expect([str('a'), str(new PyMember('Mode', 'fast')), str(['a'])]).toEqual(['a', 'Mode.fast', "['a']"]);
  });
});

describe('the printed form of a value', () => {
  test('stays on one line where it fits 80 columns', () => {
    expect(pformat(view('{"name": "count", "args": [["det1"]]}'))).toBe("{'name': 'count', 'args': [['det1']]}");
  });

  test('has one entry a line where it does not, with the keys in order', () => {
    const long = view(`{"name": "count", "kwargs": {"detectors": ["${'d'.repeat(40)}", "${'e'.repeat(40)}"]}}`);
    expect(pformat(long).split('\n')).toEqual([
      "{'name': 'count',",
      ` 'kwargs': {'detectors': ['${'d'.repeat(40)}',`,
      `                          '${'e'.repeat(40)}']}}`,
    ]);
  });

  test('breaks a long text between its words', () => {
    expect(pformat('word '.repeat(20).trim()).split('\n')).toEqual([
      `('${'word '.repeat(15)}'`,
      ` '${'word '.repeat(4)}word')`,
    ]);
  });

  test('cuts what is long, and says so with three dots', () => {
    expect(printed(view(`[${'1,'.repeat(11)}1]`))).toBe(`[${'1, '.repeat(10)}'...']`);
    expect(printed('x'.repeat(2000))).toContain(`'...\\n'\n '... '`);
    const keys = Array.from({ length: 31 }, (_, n) => `"k${n}": 0`).join(',');
    expect(printed(view(`{${keys}}`))).toMatch(/'k29': 0,\n '...': '...'\}$/);
  });
});

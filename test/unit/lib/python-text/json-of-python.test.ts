import { expect, test } from 'vitest';
import { jsonOfPython } from '../../../../src/lib/python-text/json-of-python.ts';

test.each([
  ['None', 'null'],
  ['1.0', '1.0'],
  ['-5', '-5'],
  ['1e-07', '1e-7'],
  ['2.0e22', '2e+22'],
  ['9223372036854775808', '9223372036854775808'],
  ["'a\\'b \"c\"'", '"a\'b \\"c\\""'],
  ["('x',)", '["x"]'],
  ['()', '[]'],
  ["['det1', ('det2', True)]", '["det1",["det2",true]]'],
  ["{'a': 1, 'b': {}}", '{"a":1,"b":{}}'],
  ["'\\xe9'", '"é"'],
  ["'None, (True)'", '"None, (True)"'],
])('the Python literal %s is %s in JSON', (python, json) => {
  expect(jsonOfPython(python)).toBe(json);
});

test.each([
  '<function f>',
  'inf',
  'NaN',
  'Number',
  'set()',
  '1 +',
  "b'bytes'",
  '{1, 2}',
  "[b'']",
  "{'a': 2j}",
  '1e999',
])('%s has no JSON form', (python) => {
  expect(jsonOfPython(python)).toBeUndefined();
});

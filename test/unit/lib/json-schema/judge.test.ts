import { expect, test } from 'vitest';
import { judge } from '../../../../src/lib/json-schema/judge.ts';
import type { Schema } from '../../../../src/lib/json-schema/schema.ts';

const NAMED: Schema = {
  type: 'object',
  additionalProperties: false,
  patternProperties: { '^[a-z]+$': { oneOf: [{ type: 'object', required: ['age'] }, { type: 'null' }] } },
};

test('a value that is as asked has no violation', () => {
  expect(judge({ bob: null, eve: { age: 5 } }, NAMED)).toBeNull();
});

test('a key that matches no pattern is told with the patterns', () => {
  expect(judge({ '5': null, '6': null }, NAMED)?.summary).toBe("'5', '6' do not match any of the regexes: '^[a-z]+$'");
});

test('of a choice the violation is told that came nearest to holding', () => {
  expect(judge({ bob: {} }, NAMED)).toMatchObject({
    summary: "'age' is a required property",
    at: { instance: ['bob'] },
  });
});

test('a choice of which all parts fail alike is told as a whole', () => {
  expect(judge({ bob: 5 }, NAMED)?.summary).toBe('5 is not valid under any of the given schemas');
});

test('a truth value is no number, and 2.0 is an integer', () => {
  const schema: Schema = { type: 'object', properties: { n: { type: 'integer' } } };
  expect(judge({ n: true }, schema)?.summary).toBe("True is not of type 'integer'");
  expect(judge({ n: 2 }, schema)).toBeNull();
  expect(judge({ n: 1.5 }, schema)?.summary).toBe("1.5 is not of type 'integer'");
});

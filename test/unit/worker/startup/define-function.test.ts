import { expect, test } from 'vitest';
import { defineFunction } from '../../../../src/worker/startup/define-function.ts';
import { anyValue, number } from '../../../../src/worker/startup/parameters.ts';

const scaled = defineFunction(
  { name: 'scaled', parameters: { what: anyValue(), by: number('factor', { default: 2 }) } },
  ({ what, by }) => [what, by],
);

test('arguments come by their places, by their names, or by both', () => {
  expect(scaled.callWith([1, 3], {})).toEqual([1, 3]);
  expect(scaled.callWith([], { by: 3, what: 1 })).toEqual([1, 3]);
  expect(scaled.callWith(['det1'], { by: 3 })).toEqual(['det1', 3]);
});

test('what is left out gets its default, from a client as in code', () => {
  expect(scaled.callWith([1], {})).toEqual([1, 2]);
  expect(scaled({ what: 1 })).toEqual([1, 2]);
});

test.each([
  [[], {}, "missing a required argument: 'what'"],
  [[1, 2, 3], {}, 'too many positional arguments'],
  [[1], { what: 2 }, "multiple values for argument 'what'"],
  [[1], { times: 2 }, "got an unexpected keyword argument 'times'"],
])('%j with %j is refused', (args, kwargs, sentence) => {
  expect(() => scaled.callWith(args, kwargs)).toThrow(sentence);
});

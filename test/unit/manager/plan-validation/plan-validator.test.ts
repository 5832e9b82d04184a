import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseView } from '../../../../src/lib/raw-json.ts';
import { PARAMETER_KINDS } from '../../../../src/protocol/descriptions.ts';
import type { ParameterDescription, ParameterKind } from '../../../../src/protocol/descriptions.ts';
import { PlanValidator } from '../../../../src/manager/plan-validation/plan-validator.ts';
import type { PyDict } from '../../../../src/lib/python-text/py-value.ts';

const parameter = (name: string, type?: string, rest: Partial<ParameterDescription> = {}): ParameterDescription =>
  of('POSITIONAL_OR_KEYWORD', name, { ...(type !== undefined && { annotation: { type } }), ...rest });
const of = (kind: ParameterKind, name: string, rest: Partial<ParameterDescription> = {}): ParameterDescription => ({
  name,
  kind: { name: kind, value: PARAMETER_KINDS[kind] },
  ...rest,
});

/** Judges an item given as JSON text, by a plan `p` of these parameters. */
function judge(parameters: ParameterDescription[], item: string) {
  const plans = { p: { name: 'p', properties: { is_generator: true }, parameters } };
  const verdict = new PlanValidator({ plans, devices: null }).validate({ name: 'p', ...(parseView(item) as PyDict) });
  return verdict.ok ? 'accepted' : verdict.stage;
}
const given = (type: string, value: string): string => judge([parameter('x', type)], `{"kwargs": {"x": ${value}}}`);

describe('an argument', () => {
  test.each([
    ['int', '1', 'accepted'],
    ['int', '1.0', 'type'],
    ['int', '1.5', 'schema'],
    ['int', '"1"', 'type'],
    ['int', 'true', 'type'],
    ['int', '9223372036854775808', 'accepted'],
    ['float', '1', 'accepted'],
    ['float', '1.0', 'accepted'],
    ['float', 'NaN', 'accepted'],
    ['float', '"1"', 'type'],
    ['bool', '1', 'accepted'],
    ['bool', '"yes"', 'type'],
    ['str', '5', 'schema'],
    ['None', 'null', 'description'],
    ['int | None', 'null', 'accepted'],
    ['typing.Optional[int]', '1.0', 'type'],
    ['typing.Union[float, int]', '1', 'accepted'],
    ['int | str', '"1"', 'accepted'],
    ['list[float]', '[1, 2.5]', 'accepted'],
    ['list[float]', '[1, "x"]', 'schema'],
    ['collections.abc.Sequence[__READABLE__]', '["det1"]', 'accepted'],
    ['collections.abc.Sequence[__READABLE__]', '"det1"', 'schema'],
    ['tuple[__MOVABLE__, float]', '["m1", 1]', 'accepted'],
    ['tuple[__MOVABLE__, float]', '["m1", 1, 2]', 'schema'],
    ['dict[str, typing.Any]', '{"a": null}', 'accepted'],
    ["typing.Literal['a', 1]", '1', 'accepted'],
    ["typing.Literal['a', 1]", '"b"', 'schema'],
    ['__CALLABLE__', '"f"', 'accepted'],
    ['collections.abc.Iterable[int]', '[1, "x"]', 'schema'],
    ['numpy.ndarray', '1', 'description'],
    ['list[', '1', 'description'],
  ])('declared as %s and given as %s is: %s', (type, value, outcome) => {
    expect(given(type, value)).toBe(outcome);
  });

  test('has to lie in the range of its parameter, in lists, too', () => {
    const ranged = [parameter('x', 'list[float]', { min: '-10', max: '10' })];
    expect(judge(ranged, '{"args": [[10, -10.0]]}')).toBe('accepted');
    expect(judge(ranged, '{"args": [[0, 10.1]]}')).toBe('range');
  });

  test('may be a name of its list, and no other', () => {
    const listed = [of('VAR_POSITIONAL', 'motors', { annotation: { type: 'M', devices: { M: ['m1', 'm2'] } } })];
    expect(judge(listed, '{"args": ["m1", "m2"]}')).toBe('accepted');
    expect(judge(listed, '{"args": ["m1", "m3"]}')).toBe('schema');
  });
});

describe('a call', () => {
  const parameters = [
    of('POSITIONAL_ONLY', 'a'),
    parameter('b', undefined, { default: 'None' }),
    of('KEYWORD_ONLY', 'c', { default: '1' }),
    of('VAR_KEYWORD', 'rest'),
  ];

  test.each([
    ['{"args": [1]}', 'accepted'],
    ['{"args": [1, 2], "kwargs": {"c": 3, "d": 4}}', 'accepted'],
    ['{"args": [1, 2, 3]}', 'binding'],
    ['{"kwargs": {"a": 1}}', 'binding'],
    ['{"args": [1, 2], "kwargs": {"b": 2}}', 'binding'],
    ['{}', 'binding'],
    ['{"args": 5}', 'binding'],
    ['{"args": [1], "kwargs": [2]}', 'binding'],
    ['{"args": [1], "meta": {"a": 1}}', 'accepted'],
    ['{"args": [1], "meta": "a"}', 'meta'],
  ])('%s is: %s', (item, outcome) => {
    expect(judge(parameters, item)).toBe(outcome);
  });
});

test('without a list of plans only the metadata is judged', () => {
  const validator = new PlanValidator({ plans: null, devices: null });
  expect(validator.validate({ name: 'anything', args: [1] })).toEqual({ ok: true, bound: new Map() });
});

test('a plan that has the name of something that every object has is not on the list', () => {
  const validator = new PlanValidator({ plans: {}, devices: {} });
  expect(validator.validate({ name: 'constructor' })).toMatchObject({ stage: 'not-allowed' });
  expect(validator.validate({ name: '__proto__' })).toMatchObject({ stage: 'not-allowed' });
});

test('an argument that is nested beyond all measure is refused, and nothing fails', () => {
  let deep: PyDict[string] = [];
  for (let n = 0; n < 100_000; n++) deep = [deep];
  const plans = { p: { name: 'p', properties: { is_generator: true }, parameters: [parameter('x', 'int')] } };
  const verdict = new PlanValidator({ plans, devices: null }).validate({ name: 'p', args: [deep] });
  expect(verdict).toMatchObject({ ok: false, stage: 'schema' });
});

test('whatever an annotation says and whatever is given, there is a verdict', () => {
  const word = fc.constantFrom(
    'int',
    'str',
    'typing',
    'List',
    'Union',
    'None',
    '[',
    ']',
    '(',
    ')',
    ',',
    '.',
    '|',
    "'a'",
    '...',
    '-1',
    'Dets',
    '{',
    ':',
    '}',
    '__READABLE__',
  );
  const annotation = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 10 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(annotation, fc.option(fc.string()), fc.json(), (type, text, value) => {
      const described = parameter('x', type, text === null ? {} : { default: text });
      expect(judge([described], `{"args": [${value}]}`)).toMatch(/^(accepted|description|binding|schema|type|range)$/);
    }),
    { numRuns: 2000 },
  );
});

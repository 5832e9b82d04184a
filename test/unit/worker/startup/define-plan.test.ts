import { expect, test } from 'vitest';
import { definePlan } from '../../../../src/worker/startup/define-plan.ts';
import {
  anyValue,
  devicesFrom,
  enums,
  integer,
  metadata,
  number,
  optional,
  otherKeywords,
  pairs,
  readables,
} from '../../../../src/worker/startup/parameters.ts';
import type { Plan } from '../../../../src/worker/run-engine/messages.ts';

const devices: Record<string, object> = { det: { name: 'det' }, m1: { name: 'm1' }, 'stage.x': { name: 'stage_x' } };
const resolve = (name: string): unknown => devices[name];

/** A plan that does nothing, and returns what it was given. */
const echo = definePlan(
  {
    name: 'echo',
    description: 'Return what is given.',
    module: 'my.plans',
    parameters: {
      detectors: readables('what is read'),
      num: integer('how often', { default: 1, minimum: 1 }),
      factor: number(undefined, { default: 3 }),
      md: metadata(),
    },
  },
  function* (values): Plan {
    return values;
  },
);

const returned = (plan: Plan): unknown => plan.next().value;
const bound = (args: unknown[], kwargs: Record<string, unknown> = {}): unknown =>
  returned(echo.bind(args, kwargs, resolve));

test('a declared plan describes itself in the form of bluesky-queueserver', () => {
  expect(echo.description).toEqual({
    name: 'echo',
    properties: { is_generator: true },
    module: 'my.plans',
    description: 'Return what is given.',
    parameters: [
      {
        name: 'detectors',
        kind: { name: 'POSITIONAL_OR_KEYWORD', value: 1 },
        description: 'what is read',
        annotation: { type: 'collections.abc.Sequence[__READABLE__]' },
        convert_device_names: true,
      },
      {
        name: 'num',
        kind: { name: 'POSITIONAL_OR_KEYWORD', value: 1 },
        description: 'how often',
        annotation: { type: 'int' },
        default: '1',
        min: '1',
      },
      {
        name: 'factor',
        kind: { name: 'POSITIONAL_OR_KEYWORD', value: 1 },
        annotation: { type: 'float' },
        default: '3.0',
      },
      {
        name: 'md',
        kind: { name: 'KEYWORD_ONLY', value: 3 },
        annotation: { type: 'dict[str, typing.Any] | None' },
        default: 'None',
      },
    ],
  });
});

test('its form schema names what must be given', () => {
  expect(echo.schema).toMatchObject({
    required: ['detectors'],
    properties: {
      detectors: { type: 'array', items: { type: 'string', format: 'device', 'x-protocol': 'readable' } },
      num: { type: 'integer', minimum: 1, default: 1 },
    },
  });
});

test('called in code it fills in what is left out', () => {
  const det = { name: 'det', read: () => ({}), describe: () => ({}) };
  expect(returned(echo({ detectors: [det] }))).toEqual({ detectors: [det], num: 1, factor: 3, md: null });
});

test('a device that is written as a plain object stays the same one', () => {
  const det = { name: 'det', read: () => ({}), describe: () => ({}) };
  const given = returned(echo({ detectors: [det] })) as { detectors: unknown[] };
  expect(given.detectors[0]).toBe(det);
  const resolved = returned(echo.bind([['it']], {}, () => det)) as { detectors: unknown[] };
  expect(resolved.detectors[0]).toBe(det);
  expect((returned(echo.bind([[det]], {}, resolve)) as { detectors: unknown[] }).detectors[0]).toBe(det);
});

test('one of a few words is an enum of the description', () => {
  const { description, schema } = definePlan(
    { name: 'p', parameters: { mode: enums('Mode', ['step', 'fly'], 'how', { default: 'step' }) } },
    function* () {},
  );
  expect(description.parameters[0]).toMatchObject({
    annotation: { type: 'Mode', enums: { Mode: ['step', 'fly'] } },
    default: "'step'",
  });
  expect(schema).toMatchObject({ properties: { mode: { enum: ['step', 'fly'], default: 'step' } } });
});

test('arguments of a client are bound by position and by name, and names become devices', () => {
  const det = devices['det'];
  expect(bound([['det', 'stage.x'], 5])).toMatchObject({ detectors: [det, devices['stage.x']], num: 5 });
  expect(bound([], { detectors: ['det'], md: { sample: 'det' } })).toMatchObject({ md: { sample: 'det' } });
});

test.each([
  ['nothing', [], {}, "missing a required argument: 'detectors'"],
  ['too many', [[], 1, 2, 3], {}, 'too many positional arguments'],
  ['an unknown name', [[]], { speed: 1 }, "got an unexpected keyword argument 'speed'"],
  ['one twice', [[]], { detectors: [] }, "multiple values for argument 'detectors'"],
])('%s is refused in the words of Python', (_what, args, kwargs, message) => {
  expect(() => bound(args, kwargs)).toThrow(new TypeError(message));
});

test('the rest of the arguments goes to the open parameters', () => {
  const open = definePlan(
    {
      name: 'open',
      parameters: {
        first: anyValue(),
        args: pairs(),
        num: anyValue(undefined, { default: null, kind: 'KEYWORD_ONLY' }),
        kwargs: otherKeywords(),
      },
    },
    function* (values): Plan {
      return values;
    },
  );
  expect(returned(open.bind(['a', 'm1', 1], { num: 2, speed: 3 }, resolve))).toEqual({
    first: 'a',
    args: [devices['m1'], 1],
    num: 2,
    kwargs: { speed: 3 },
  });
});

test('a parameter that lists devices takes only those, in its default too', () => {
  const listed = definePlan(
    {
      name: 'listed',
      parameters: { motors: devicesFrom('Motors', ['m1', ':^stage:^x$'], undefined, { default: ['m1'] }) },
    },
    function* (values): Plan {
      return values;
    },
  );
  const got = (kwargs: Record<string, unknown>): unknown => returned(listed.bind([], kwargs, resolve));
  expect(got({ motors: ['stage.x', 'det'] })).toEqual({ motors: [devices['stage.x'], 'det'] });
  expect(got({})).toEqual({ motors: [devices['m1']] });
  expect(listed.description.parameters[0]).toMatchObject({ default: "['m1']", default_defined_in_decorator: true });
});

test('an optional parameter may be null, and says so', () => {
  const { parameters } = definePlan(
    { name: 'p', parameters: { a: optional(number('a')) } },
    function* () {},
  ).description;
  expect(parameters[0]).toMatchObject({ annotation: { type: 'float | None' }, default: 'None' });
});

import type { ParameterAnnotation, ParameterKind } from '../../protocol/descriptions.ts';
import type { Flyable, Movable, Readable } from '../devices/protocols.ts';
import { floatRepr, repr } from './python-repr.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * One parameter of a plan: what the function gets (`T`), how it is described to clients, and how a form asks for it.
 * `Given` says whether a caller may leave it out.
 */
export interface Parameter<T = unknown, Given extends 'required' | 'optional' = 'required' | 'optional'> {
  readonly given: Given;
  readonly kind: ParameterKind;
  readonly description: string | undefined;
  readonly annotation: ParameterAnnotation | undefined;
  /** Its Python text goes into the description, its value to the function when the caller gives none. */
  readonly default?: { readonly value: T; readonly text: string; readonly mayNameDevices: boolean };
  readonly convertsDeviceNames: boolean | undefined;
  readonly limits: { readonly min?: string; readonly max?: string; readonly step?: string };
  readonly schema: JsonSchema;
}

/** Names of devices stand for their objects: which ones a parameter takes is part of its annotation. */
type Named = 'READABLE' | 'MOVABLE' | 'FLYABLE';

export interface Options<T> {
  kind?: ParameterKind;
  default?: T;
  /** The default's Python text, where it is not the value's own: `0.0` and `0` are one number here. */
  defaultText?: string;
  annotation?: string | ParameterAnnotation | null;
}
export interface NumberOptions extends Options<number> {
  minimum?: number;
  maximum?: number;
  step?: number;
}

type GivenBy<O> = O extends { default: unknown } ? 'optional' : 'required';

/** Any parameter, in full: what the other functions are made of, and for what none of them fits. */
export function parameter<T, const O extends Options<T> = Options<T>>(
  base: { schema: JsonSchema; annotation: string | null; converts?: true; limits?: Parameter['limits'] },
  description: string | undefined,
  options: O & Options<T> = {} as O,
): Parameter<T, GivenBy<O>> {
  const { kind = 'POSITIONAL_OR_KEYWORD', annotation = base.annotation } = options;
  const fallback = 'default' in options ? { default: defaultOf(options.default, options.defaultText) } : {};
  return {
    given: ('default' in options ? 'optional' : 'required') as GivenBy<O>,
    kind,
    description,
    annotation: typeof annotation === 'string' ? { type: annotation } : (annotation ?? undefined),
    ...fallback,
    convertsDeviceNames: base.converts,
    limits: base.limits ?? {},
    schema: { ...base.schema, ...(description === undefined ? {} : { description }) },
  };
}

const defaultOf = <T>(value: T, text = repr(value)) => ({ value, text, mayNameDevices: false });

const device = (named: Named): JsonSchema => ({ type: 'string', format: 'device', 'x-protocol': named.toLowerCase() });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

export const readable = <O extends Options<Readable>>(description?: string, options?: O) =>
  parameter<Readable, O>(
    { schema: device('READABLE'), annotation: '__READABLE__', converts: true },
    description,
    options,
  );

export const movable = <O extends Options<Movable>>(description?: string, options?: O) =>
  parameter<Movable, O>({ schema: device('MOVABLE'), annotation: '__MOVABLE__', converts: true }, description, options);

export const readables = <O extends Options<readonly Readable[]>>(description?: string, options?: O) =>
  parameter<readonly Readable[], O>(
    { schema: listOf(device('READABLE')), annotation: 'collections.abc.Sequence[__READABLE__]', converts: true },
    description,
    options,
  );

export const movables = <O extends Options<readonly Movable[]>>(description?: string, options?: O) =>
  parameter<readonly Movable[], O>(
    { schema: listOf(device('MOVABLE')), annotation: 'collections.abc.Sequence[__MOVABLE__]', converts: true },
    description,
    options,
  );

export const flyables = <O extends Options<readonly Flyable[]>>(description?: string, options?: O) =>
  parameter<readonly Flyable[], O>(
    { schema: listOf(device('FLYABLE')), annotation: 'list[__FLYABLE__]', converts: true },
    description,
    options,
  );

/**
 * Devices of a given list, by the name of the list: `devicesFrom('Motors', ['m1', ':^m'])`. The default names devices,
 * and is resolved when the plan is started.
 */
export function devicesFrom<T = unknown, const O extends { default?: readonly string[] } = object>(
  listName: string,
  names: readonly string[],
  description?: string,
  options?: O,
): Parameter<readonly T[], GivenBy<O>> {
  const annotation = { type: `typing.List[${listName}]`, devices: { [listName]: [...names] } };
  const schema = listOf({ type: 'string', format: 'device', 'x-devices': names });
  const base = parameter<readonly T[], O & Options<readonly T[]>>({ schema, annotation: null }, description, {
    ...options,
    annotation,
  } as O & Options<readonly T[]>);
  return base.default ? { ...base, default: { ...base.default, mayNameDevices: true } } : base;
}

export const integer = <const O extends NumberOptions>(description?: string, options?: O) =>
  parameter<number, O>(numeric('integer', 'int', options), description, options);

/** A float; whole defaults are written as Python writes them (`3.0`). */
export const number = <const O extends NumberOptions>(description?: string, options?: O) =>
  parameter<number, O>(numeric('number', 'float', options), description, withFloatText(options));

/** A float in seconds. */
export const seconds = number;

export const text = <const O extends Options<string>>(description?: string, options?: O) =>
  parameter<string, O>({ schema: { type: 'string' }, annotation: 'str' }, description, options);

export const flag = <const O extends Options<boolean>>(description?: string, options?: O) =>
  parameter<boolean, O>({ schema: { type: 'boolean' }, annotation: 'bool' }, description, options);

/** One of a few words: `enums('Mode', ['step', 'fly'])`. */
export const enums = <const V extends string, O extends Options<V>>(
  listName: string,
  words: readonly V[],
  description?: string,
  options?: O,
) =>
  parameter<V, O>({ schema: { type: 'string', enum: words }, annotation: null }, description, {
    annotation: { type: listName, enums: { [listName]: [...words] } },
    ...options,
  } as O & Options<V>);

/** What a client adds to the start document. By keyword, and empty when left out. */
export const metadata = <O extends Options<Record<string, unknown> | null>>(description?: string, options?: O) =>
  parameter<Record<string, unknown> | null, { default: null } & O>(
    { schema: { type: 'object' }, annotation: 'dict[str, typing.Any] | None' },
    description,
    { kind: 'KEYWORD_ONLY', default: null, ...options } as { default: null } & O,
  );

/** Anything that the function makes sense of; without an annotation, names of devices become the devices. */
export const anyValue = <T = unknown, const O extends Options<T> = Options<T>>(description?: string, options?: O) =>
  parameter<T, O>({ schema: {}, annotation: null }, description, options);

/** A parameter that may be `null`, and is when left out. */
export function optional<T>(inner: Parameter<T>): Parameter<T | null, 'optional'> {
  const { annotation } = inner;
  return {
    ...inner,
    given: 'optional',
    annotation: annotation && { ...annotation, type: `${annotation.type} | None` },
    default: { value: null, text: 'None', mayNameDevices: false },
    schema: { anyOf: [inner.schema, { type: 'null' }] },
  };
}

/** The rest of the positional arguments: `[motor, start, stop, motor, start, stop]`. What follows is by keyword only. */
export const pairs = (description?: string, options: { annotation?: string | null } = {}) =>
  ({
    ...parameter<readonly unknown[]>(
      {
        schema: listOf({}),
        annotation: '__MOVABLE__ | typing.Any',
        ...(options.annotation === null ? {} : { converts: true }),
      },
      description,
      { kind: 'VAR_POSITIONAL', ...options },
    ),
    given: 'optional',
  }) as Parameter<readonly unknown[], 'optional'>;

/** The rest of the keyword arguments. */
export const otherKeywords = (description?: string) =>
  ({
    ...parameter<Record<string, unknown>>({ schema: { type: 'object' }, annotation: null }, description, {
      kind: 'VAR_KEYWORD',
    }),
    given: 'optional',
  }) as Parameter<Record<string, unknown>, 'optional'>;

function numeric(type: string, annotation: string, { minimum, maximum, step }: NumberOptions = {}) {
  const limits = {
    ...(minimum === undefined ? {} : { min: repr(minimum) }),
    ...(maximum === undefined ? {} : { max: repr(maximum) }),
    ...(step === undefined ? {} : { step: repr(step) }),
  };
  const bounds = { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
  return { schema: { type, ...bounds }, annotation, limits };
}

function withFloatText<O extends NumberOptions>(options: O | undefined): O | undefined {
  if (typeof options?.default !== 'number') return options;
  return { defaultText: floatRepr(options.default), ...options };
}

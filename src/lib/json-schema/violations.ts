import { pattern } from '../python-regex/pattern.ts';
import { WholeFloat } from '../raw-json.ts';
import { isDict } from '../python-text/py-value.ts';
import type { PyValue } from '../python-text/py-value.ts';
import { repr } from '../python-text/repr.ts';
import type { Schema, SchemaType } from './schema.ts';

export type Path = readonly (string | number)[];
interface Places {
  readonly instance: Path;
  readonly schema: Path;
}

/** One way in which a value is not as a schema asks. */
export interface Violation {
  readonly rule: keyof Schema;
  readonly summary: string;
  readonly value: PyValue;
  /** The schema, or the part of it, that the rule stands in. */
  readonly violated: Schema;
  readonly at: Places;
  /** Why each of several schemas, one of which would have to hold, does not. */
  readonly because: readonly Violation[];
}

const TOP: Places = { instance: [], schema: [] };

/** All of them, in the order in which the keywords of {@link Schema} stand. */
export function violations(value: PyValue, schema: Schema, at: Places = TOP): Violation[] {
  const found = (rule: keyof Schema, summary: string, because: readonly Violation[] = []): Violation[] => [
    { rule, summary, value, violated: schema, at, because },
  ];
  if (schema.type !== undefined && !isOfType(value, schema.type)) {
    return found('type', `${repr(value)} is not of type ${typesOf(schema.type).map(repr).join(', ')}`);
  }
  return [
    ...(isDict(value) ? violationsOfMembers(value, schema, at, found) : []),
    ...violationsOfItems(value, schema, at),
    ...violationsOfText(value, schema, found),
    ...violationsOfChoice(value, schema, at, found),
  ];
}

type Found = (rule: keyof Schema, summary: string, because?: readonly Violation[]) => Violation[];

function violationsOfMembers(value: Record<string, PyValue>, schema: Schema, at: Places, found: Found): Violation[] {
  const { additionalProperties, required = [], properties = {}, patternProperties } = schema;
  const patterns = Object.entries(patternProperties ?? {});
  const extra = Object.keys(value).filter(
    (key) => !Object.hasOwn(properties, key) && !patterns.some(([text]) => pattern(text).isIn(key)),
  );
  const inner = (key: string, of: Schema, inSchema: Path) =>
    violations(value[key] ?? null, of, within(at, key, inSchema));
  return [
    ...(additionalProperties === false && extra.length > 0
      ? found('additionalProperties', patternProperties ? notMatching(extra, patternProperties) : notAllowed(extra))
      : []),
    ...(additionalProperties ? extra.flatMap((key) => inner(key, additionalProperties, ['additionalProperties'])) : []),
    ...required
      .filter((key) => !Object.hasOwn(value, key))
      .flatMap((key) => found('required', `${repr(key)} is a required property`)),
    ...Object.entries(properties)
      .filter(([key]) => Object.hasOwn(value, key))
      .flatMap(([key, of]) => inner(key, of, ['properties', key])),
    ...patterns.flatMap(([text, of]) =>
      Object.keys(value)
        .filter((key) => pattern(text).isIn(key))
        .flatMap((key) => inner(key, of, ['patternProperties', text])),
    ),
  ];
}

function violationsOfItems(value: PyValue, { items }: Schema, at: Places): Violation[] {
  if (items === undefined || !Array.isArray(value)) return [];
  return value.flatMap((item, n) => violations(item, items, within(at, n, ['items'])));
}

function violationsOfText(value: PyValue, schema: Schema, found: Found): Violation[] {
  if (schema.pattern === undefined || typeof value !== 'string' || pattern(schema.pattern).isIn(value)) return [];
  return found('pattern', `${repr(value)} does not match ${repr(schema.pattern)}`);
}

/** The choices of the originals exclude each other by type, so that two never hold. */
function violationsOfChoice(value: PyValue, { oneOf }: Schema, at: Places, found: Found): Violation[] {
  if (oneOf === undefined) return [];
  const each = oneOf.map((choice, n) => violations(value, choice, { ...at, schema: [...at.schema, 'oneOf', n] }));
  if (each.some((why) => why.length === 0)) return [];
  return found('oneOf', `${repr(value)} is not valid under any of the given schemas`, each.flat());
}

const typesOf = (type: SchemaType | readonly SchemaType[]): readonly SchemaType[] =>
  typeof type === 'string' ? [type] : type;

export const isOfType = (value: PyValue, type: SchemaType | readonly SchemaType[]): boolean =>
  typesOf(type).some((one) => IS_OF_TYPE[one](value));

const isNumber = (value: PyValue): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof WholeFloat;

const IS_OF_TYPE: Readonly<Record<SchemaType, (value: PyValue) => boolean>> = {
  object: isDict,
  array: (value) => Array.isArray(value),
  string: (value) => typeof value === 'string',
  number: isNumber,
  integer: (value) => isNumber(value) && (typeof value !== 'number' || Number.isInteger(value)),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

const sorted = (keys: readonly string[]): string[] => keys.toSorted((a, b) => (a < b ? -1 : 1));

function notAllowed(keys: readonly string[]): string {
  const shown = sorted(keys).map(repr).join(', ');
  return `Additional properties are not allowed (${shown} ${keys.length === 1 ? 'was' : 'were'} unexpected)`;
}

function notMatching(keys: readonly string[], patterns: Readonly<Record<string, Schema>>): string {
  const shown = sorted(keys).map(repr).join(', ');
  const regexes = sorted(Object.keys(patterns)).map(repr).join(', ');
  return `${shown} ${keys.length === 1 ? 'does' : 'do'} not match any of the regexes: ${regexes}`;
}

const within = (at: Places, key: string | number, inSchema: Path): Places => ({
  instance: [...at.instance, key],
  schema: [...at.schema, ...inSchema],
});

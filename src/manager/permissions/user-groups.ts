import { coded } from '../../protocol/error-codes.ts';
import { isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { pformat } from '../../lib/python-text/pprint.ts';
import { repr } from '../../lib/python-text/repr.ts';

/** Names or patterns; a `null` in front means all (of what is allowed) or none (of what is forbidden). */
export type NameList = (string | null)[];

export const NAME_LISTS = [
  'allowed_plans',
  'forbidden_plans',
  'allowed_devices',
  'forbidden_devices',
  'allowed_functions',
  'forbidden_functions',
] as const;

/** What a user group may use; a list that is missing is empty. */
export type GroupPermissions = { [list in (typeof NAME_LISTS)[number]]?: NameList };

/** The contents of `user_group_permissions.yaml`. */
export interface UserGroupPermissions {
  user_groups: Record<string, GroupPermissions>;
}

/**
 * Checks what came from a file, a store or a client.
 * @throws CodedError REFUSED, with the text that `jsonschema` gives in the original: a summary such as
 *   `5 is not of type 'array'`, the schema that was violated, and the place
 */
export function userGroupPermissions(value: PyValue): UserGroupPermissions {
  if (!isDict(value)) {
    throw refused(`User group permissions: Invalid type '<class '${typeName(value)}'>', must be 'dict'`);
  }
  const worst = violations(value, SCHEMA, { instance: [], schema: [] }).reduce<Violation | null>(worse, null);
  if (worst) throw refused(sentence(worst));
  // The schema has just said so.
  const permissions = value as unknown as UserGroupPermissions;
  if (!Object.hasOwn(permissions.user_groups, 'root')) {
    throw refused(`"User group permissions: Missing required user group: 'root'"`);
  }
  return permissions;
}

const refused = (msg: string): Error => coded('REFUSED', { msg });

/** The part of JSON Schema that permissions need, its keywords in the order in which the original prints them. */
interface Schema {
  readonly type: 'object' | 'array' | readonly ['string', 'null'];
  readonly additionalProperties?: false | Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
const NAMES: Schema = { type: 'array', items: { type: ['string', 'null'] } };
const GROUP: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(NAME_LISTS.map((list) => [list, NAMES])),
};
const SCHEMA: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['user_groups'],
  properties: { user_groups: { type: 'object', additionalProperties: GROUP } },
};

type Path = readonly (string | number)[];
interface Places {
  readonly instance: Path;
  readonly schema: Path;
}
interface Violation {
  readonly rule: keyof Schema;
  readonly summary: string;
  readonly value: PyValue;
  readonly violated: Schema;
  readonly at: Places;
}

function violations(value: PyValue, schema: Schema, at: Places): Violation[] {
  const found = (rule: keyof Schema, summary: string): Violation[] => [{ rule, summary, value, violated: schema, at }];
  const { type, additionalProperties, required = [], properties = {}, items } = schema;
  if (!isOfType(value, type)) {
    const types = typeof type === 'string' ? [type] : type;
    return found('type', `${repr(value)} is not of type ${types.map(repr).join(', ')}`);
  }
  if (items && Array.isArray(value)) {
    return value.flatMap((item, n) => violations(item, items, within(at, n, ['items'])));
  }
  if (!isDict(value)) return [];
  const extra = Object.keys(value).filter((key) => !Object.hasOwn(properties, key));
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  const known = Object.entries(properties).filter(([key]) => Object.hasOwn(value, key));
  return [
    ...(additionalProperties === false && extra.length > 0 ? found('additionalProperties', notAllowed(extra)) : []),
    ...(additionalProperties
      ? extra.flatMap((key) =>
          violations(value[key] ?? null, additionalProperties, within(at, key, ['additionalProperties'])),
        )
      : []),
    ...missing.flatMap((key) => found('required', `${repr(key)} is a required property`)),
    ...known.flatMap(([key, inner]) => violations(value[key] ?? null, inner, within(at, key, ['properties', key]))),
  ];
}

function isOfType(value: PyValue, type: Schema['type']): boolean {
  if (type === 'object') return isDict(value);
  if (type === 'array') return Array.isArray(value);
  return value === null || typeof value === 'string';
}

function notAllowed(keys: string[]): string {
  const shown = keys.toSorted((a, b) => (a < b ? -1 : 1)).map(repr);
  return `Additional properties are not allowed (${shown.join(', ')} ${keys.length === 1 ? 'was' : 'were'} unexpected)`;
}

const within = (at: Places, key: string | number, inSchema: Path): Places => ({
  instance: [...at.instance, key],
  schema: [...at.schema, ...inSchema],
});

/** The one that is told: nearest to the top, then of the last key in order, then the first found. */
function worse(one: Violation | null, other: Violation): Violation {
  if (one === null) return other;
  const [a, b] = [one.at.instance, other.at.instance];
  if (a.length !== b.length) return a.length < b.length ? one : other;
  const n = a.findIndex((key, k) => key !== b[k]);
  return n >= 0 && (a[n] ?? '') < (b[n] ?? '') ? other : one;
}

function sentence({ rule, summary, value, violated, at }: Violation): string {
  const indices = (path: Path): string => path.map((key) => `[${repr(key)}]`).join('');
  const block = (shown: PyValue): string => pformat(shown, 72).replaceAll('\n', '\n    ');
  return [
    `${summary}\n`,
    `Failed validating ${repr(rule)} in schema${indices(at.schema)}:`,
    // A schema is plain data; its type alone says more than a dictionary's.
    `    ${block(violated as unknown as PyValue)}\n`,
    `On instance${indices(at.instance)}:`,
    `    ${block(value)}`,
  ].join('\n');
}

import { judge, sentence } from '../../lib/json-schema/judge.ts';
import type { Schema } from '../../lib/json-schema/schema.ts';
import { isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { coded } from '../../protocol/error-codes.ts';

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
  const violation = judge(value, SCHEMA);
  if (violation) throw refused(sentence(violation));
  // The schema has just said so.
  const permissions = value as unknown as UserGroupPermissions;
  if (!Object.hasOwn(permissions.user_groups, 'root')) {
    throw refused(`"User group permissions: Missing required user group: 'root'"`);
  }
  return permissions;
}

const refused = (msg: string): Error => coded('REFUSED', { msg });

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

import type { Schema } from '../../lib/json-schema/schema.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import type { User } from '../access-policy.ts';
import { GroupMap } from '../groups.ts';
import { DEFAULT_GROUP } from '../roles.ts';
import { checkArguments } from './policy-refused.ts';
import { namesOf } from './user-table.ts';
import type { NameList } from './user-table.ts';

/** As which groups of the manager's permissions a user asks: the first one signs unless the user names another of theirs. */
export interface ResourceAccess {
  groupsOf(user: User): readonly [string, ...string[]];
}

const GROUP: Schema = { type: 'string', pattern: '^[a-zA-Z_][0-9a-zA-Z_]*$' };
const GROUPS: Schema = { oneOf: [{ type: 'array', items: GROUP }, GROUP, { type: 'null' }] };
const DEFAULT: Schema = { oneOf: [GROUP, { type: 'null' }] };

/** `DefaultResourceAccessControl`: everybody is in one group. @throws PolicyRefused */
export function oneGroup(args: { readonly default_group?: PyValue }): ResourceAccess {
  const group = args.default_group ?? null;
  const schema: Schema = { type: 'object', additionalProperties: false, properties: { default_group: DEFAULT } };
  checkArguments({ default_group: group }, schema, 'DefaultResourceAccessControl');
  const groups = [(group as string | null) ?? DEFAULT_GROUP] as const;
  return { groupsOf: () => groups };
}

const ARGUMENTS: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    default_group: DEFAULT,
    users: { type: ['object', 'null'], additionalProperties: GROUPS },
    groups: { type: ['object', 'null'], additionalProperties: GROUPS },
  },
};
interface Arguments {
  readonly default_group?: string | null;
  readonly users?: Readonly<Record<string, NameList>> | null;
  readonly groups?: Readonly<Record<string, NameList>> | null;
}

/**
 * `beamgate:ResourceAccessControl`: the groups of a user by name and by what LDAP or OIDC tells of them; the default group
 * for whom neither names one.
 * @throws PolicyRefused
 */
export function mappedGroups(args: Readonly<Record<string, PyValue>>): ResourceAccess {
  checkArguments(args, ARGUMENTS, 'ResourceAccessControl');
  // The check has just said so.
  const { default_group: byDefault, users, groups } = args as Arguments;
  const ofUser = new Map(Object.entries(users ?? {}).map(([name, list]) => [name, namesOf(list)]));
  const ofMembership = new GroupMap(groups ?? {});
  return {
    groupsOf({ userName, groups: memberships }) {
      const [first, ...others] = new Set([...(ofUser.get(userName) ?? []), ...ofMembership.of(memberships)]);
      return [first ?? byDefault ?? DEFAULT_GROUP, ...others];
    },
  };
}

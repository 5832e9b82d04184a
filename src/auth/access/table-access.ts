import type { Schema } from '../../lib/json-schema/schema.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import type { User } from '../access-policy.ts';
import { GroupMap } from '../groups.ts';
import { RECOMMENDED_ROLES, ROLES } from '../roles.ts';
import type { ApiAccess } from './api-access.ts';
import { checkArguments } from './policy-refused.ts';
import { changedRoles, ROLE_CHANGES } from './role-table.ts';
import type { RoleChanges } from './role-table.ts';
import { namesOf, ROLE_NAMES, USERS, userTable } from './user-table.ts';
import type { NameList, Users, UserTable } from './user-table.ts';

/** A policy of tables: what it says changes when the configuration does. */
class TableAccess implements ApiAccess {
  readonly roles: ApiAccess['roles'];
  readonly #users: UserTable;
  readonly #groups: GroupMap;
  readonly #everybody: readonly string[];

  constructor(
    roles: ApiAccess['roles'],
    users: UserTable,
    { groups, everybody }: { groups: GroupMap; everybody: readonly string[] },
  ) {
    this.roles = roles;
    this.#users = users;
    this.#groups = groups;
    this.#everybody = everybody;
  }

  isKnown(user: User): boolean {
    return this.#users.has(user.userName) || this.rolesOf(user).length > 0;
  }

  rolesOf({ userName, groups }: User): readonly string[] {
    const own = this.#users.get(userName);
    const brought = this.#groups.of(groups);
    if (brought.length === 0 && this.#everybody.length === 0) return own?.roles ?? [];
    return [...new Set([...(own?.roles ?? []), ...brought, ...this.#everybody])];
  }

  displayedNameOf({ userName }: User): string {
    return this.#users.get(userName)?.displayedName ?? userName;
  }

  onChange(): () => void {
    return () => undefined;
  }
  start(): void {}
  close(): void {}
}

const NO_GROUPS = { groups: new GroupMap({}), everybody: [] };
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
});

/** `BasicAPIAccessControl`: knows nobody but the two who have no account. @throws PolicyRefused */
export function basicAccess(args: { readonly roles?: PyValue }): ApiAccess {
  return new TableAccess(originalRoles(args.roles ?? null), userTable(null), NO_GROUPS);
}

/** `DictionaryAPIAccessControl`: users and their roles stand in the configuration. @throws PolicyRefused */
export function dictionaryAccess(args: { readonly roles?: PyValue; readonly users?: PyValue }): ApiAccess {
  const roles = originalRoles(args.roles ?? null);
  const users = args.users ?? null;
  checkArguments({ users }, object({ users: USERS }), NAME_IN_MESSAGES);
  return new TableAccess(roles, userTable(users as Users), NO_GROUPS);
}

/** The original names its base class in the refusals of all three. */
export const NAME_IN_MESSAGES = 'BasicAPIAccessControl';

/** The original's roles, changed as the argument says. @throws PolicyRefused */
export function originalRoles(changes: PyValue): ApiAccess['roles'] {
  checkArguments({ roles: changes }, object({ roles: ROLE_CHANGES }), NAME_IN_MESSAGES);
  return changedRoles(ROLES, changes as RoleChanges);
}

const TABLES = { recommended: RECOMMENDED_ROLES, original: ROLES } as const;

const GROUP_ARGUMENTS = object({
  role_table: { type: 'string', pattern: '^(recommended|original)$' },
  roles: ROLE_CHANGES,
  users: USERS,
  groups: { type: ['object', 'null'], additionalProperties: ROLE_NAMES },
  everybody: ROLE_NAMES,
});
interface GroupArguments {
  readonly role_table?: keyof typeof TABLES;
  readonly roles?: RoleChanges;
  readonly users?: Users;
  readonly groups?: Readonly<Record<string, NameList>> | null;
  readonly everybody?: NameList;
}

/**
 * `beamgate:APIAccessControl`: roles of users by name, by the groups that LDAP or OIDC tells of them, and of everybody
 * who can sign in; the recommended role table unless `role_table: original`.
 * @throws PolicyRefused
 */
export function groupAccess(args: Readonly<Record<string, PyValue>>): ApiAccess {
  checkArguments(args, GROUP_ARGUMENTS, 'APIAccessControl');
  // The check has just said so.
  const { role_table: table = 'recommended', roles = null, users = null, groups, everybody } = args as GroupArguments;
  return new TableAccess(changedRoles(TABLES[table], roles), userTable(users), {
    groups: new GroupMap(groups ?? {}),
    everybody: namesOf(everybody),
  });
}

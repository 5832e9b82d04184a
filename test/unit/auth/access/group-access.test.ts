import { describe, expect, test } from 'vitest';
import type { User } from '../../../../src/auth/access-policy.ts';
import { combined } from '../../../../src/auth/access/api-access.ts';
import { mappedGroups, oneGroup } from '../../../../src/auth/access/resource-access.ts';
import { groupAccess } from '../../../../src/auth/access/table-access.ts';

const STAFF = 'cn=Staff,ou=groups,dc=example,dc=org';
const someone = (userName: string, ...groups: string[]): User => ({ userName, provider: 'ldap', groups });

describe('roles by group', () => {
  const access = groupAccess({
    users: { bob: { roles: 'observer', email: 'bob@example.org' } },
    groups: { [STAFF]: ['expert', 'admin'], '/visitors': 'user' },
  });

  test('a member has the roles that the group brings, beside those of the own name', () => {
    expect(access.rolesOf(someone('bob', STAFF))).toEqual(['observer', 'expert', 'admin']);
    expect(access.rolesOf(someone('eve', '/visitors'))).toEqual(['user']);
  });

  test('a DN is the same in other letters and with spaces; another text is not', () => {
    expect(access.rolesOf(someone('eve', 'CN=staff, OU=Groups, DC=example, DC=org'))).toEqual(['expert', 'admin']);
    expect(access.rolesOf(someone('eve', '/Visitors'))).toEqual([]);
  });

  test('who has no role by name nor by group is not known', () => {
    expect(access.isKnown(someone('bob'))).toBe(true);
    expect(access.isKnown(someone('eve', '/visitors'))).toBe(true);
    expect(access.isKnown(someone('eve', '/strangers'))).toBe(false);
  });

  test('everybody who can sign in may be given a role', () => {
    const open = groupAccess({ everybody: 'observer' });
    expect(open.rolesOf(someone('eve'))).toEqual(['observer']);
  });

  test('several roles hold what any of them holds', () => {
    const scopes = combined(access, oneGroup({})).scopesOf(someone('eve', STAFF));
    expect([scopes.has('write:permissions'), scopes.has('admin:apikeys')]).toEqual([true, true]);
  });

  test('a role table that is not there is refused, and named', () => {
    expect(() => groupAccess({ role_table: 'mine' })).toThrow("'mine' does not match '^(recommended|original)$'");
  });
});

describe('the recommended roles', () => {
  const scopesOf = (role_table: string) =>
    combined(groupAccess({ role_table, everybody: 'user' }), oneGroup({})).scopesOf(someone('eve'));

  test('let a plain user measure, but not destroy the environment nor edit the history', () => {
    const scopes = scopesOf('recommended');
    expect([...scopes]).toEqual(
      expect.arrayContaining(['write:queue:edit', 'write:queue:control', 'write:plan:control']),
    );
    expect([scopes.has('write:manager:control'), scopes.has('write:history:edit')]).toEqual([false, false]);
  });

  test('differ from those of the original, in which a plain user may both', () => {
    const scopes = scopesOf('original');
    expect([scopes.has('write:manager:control'), scopes.has('write:history:edit')]).toEqual([true, true]);
  });
});

describe('groups of the manager', () => {
  const groups = mappedGroups({
    default_group: 'test_user',
    users: { bob: ['commissioning', 'primary'] },
    groups: { [STAFF]: ['staff', 'primary'] },
  });

  test('are several, those of the own name first, each once', () => {
    expect(groups.groupsOf(someone('bob', STAFF))).toEqual(['commissioning', 'primary', 'staff']);
  });

  test('are the default one for whom nothing else is said', () => {
    expect(groups.groupsOf(someone('eve', '/elsewhere'))).toEqual(['test_user']);
  });

  test('are refused when they cannot be names of groups', () => {
    expect(() => mappedGroups({ users: { bob: 'a b' } })).toThrow("'a b' does not match");
  });
});

import { expect, test } from 'vitest';
import { changedRoles } from '../../../src/auth/access/role-table.ts';
import { RECOMMENDED_ROLES, ROLES } from '../../../src/auth/roles.ts';

test('whoever may run plans may also watch them, and an expert may do what a user may', () => {
  expect(new Set(ROLES.user).isSupersetOf(new Set(ROLES.observer))).toBe(true);
  expect(new Set<string>(ROLES.expert).isSupersetOf(new Set(ROLES.user))).toBe(true);
});

test('an administrator of accounts runs no plans', () => {
  expect(ROLES.admin.filter((scope) => scope.startsWith('write:'))).toEqual([]);
});

test('only the single user may end the manager', () => {
  const holders = Object.entries(ROLES).filter(([, scopes]) =>
    (scopes as readonly string[]).includes('write:manager:stop'),
  );
  expect(holders.map(([role]) => role)).toEqual(['unauthenticated_single_user']);
});

test('whoever may submit may also stop everything, with the roles of a configuration too', () => {
  const changed = changedRoles(ROLES, {
    mine: { scopes_set: ['write:queue:edit'] },
    user: { scopes_set: 'read:status' },
  });
  for (const [role, scopes] of [...Object.entries(ROLES), ...Object.entries(RECOMMENDED_ROLES), ...changed]) {
    const held = new Set<string>(scopes);
    expect([role, held.has('write:emergency:stop')]).toEqual([role, held.has('write:queue:edit')]);
  }
});

import { expect, test } from 'vitest';
import { ROLES } from '../../../src/auth/roles.ts';

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

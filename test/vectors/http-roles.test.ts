import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_ACCOUNTS, PUBLIC_NAME, SINGLE_USER_NAME } from '../../src/auth/access-policy.ts';
import { withoutAccount } from '../../src/auth/principal.ts';
import { DEFAULT_GROUP, ROLES } from '../../src/auth/roles.ts';

const folder = process.env.BEAMGATE_VECTORS ?? '../shared/vectors';
const recorded = JSON.parse(readFileSync(join(folder, 'http-auth-scopes/roles.json'), 'utf8')) as {
  roles: Record<string, string[]>;
  special_users: Record<'single_user' | 'public', { name: string; role: string }>;
  default_resource_group: string;
};

/** A scope of ours: who may submit may also stop everything. */
const withOurs = (scopes: readonly string[]): string[] =>
  scopes.includes('write:queue:edit') ? [...scopes, 'write:emergency:stop'].sort() : [...scopes];

test.each(Object.entries(recorded.roles))('role %s holds the scopes that the original gives it', (role, scopes) => {
  expect([...ROLES[role as keyof typeof ROLES]].sort()).toEqual(withOurs(scopes));
});

test('there is no role that the original does not have', () => {
  expect(Object.keys(ROLES).sort()).toEqual(Object.keys(recorded.roles).sort());
});

test('special users and the default group have their names', () => {
  const single = withoutAccount(NO_ACCOUNTS, SINGLE_USER_NAME);
  const everybody = withoutAccount(NO_ACCOUNTS, PUBLIC_NAME);
  expect([single.name, ...single.roles]).toEqual(Object.values(recorded.special_users.single_user));
  expect([everybody.name, ...everybody.roles]).toEqual(Object.values(recorded.special_users.public));
  expect(DEFAULT_GROUP).toBe(recorded.default_resource_group);
});

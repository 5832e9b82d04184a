import { expect, test } from 'vitest';
import { changedPermissions } from '../../../src/routes/permission-changes.ts';

test('what changed is told by group and list, with what was there and what is', () => {
  const before = { user_groups: { root: { allowed_plans: [null] }, primary: { allowed_plans: [':^count'] } } };
  const after = { user_groups: { root: { allowed_plans: [null] }, staff: { allowed_plans: [':.*'] } } };
  expect(changedPermissions(before, after)).toEqual([
    { user_group: 'primary', list: 'allowed_plans', before: [':^count'], after: null },
    { user_group: 'staff', list: 'allowed_plans', before: null, after: [':.*'] },
  ]);
});

test('the same permissions, and none at all, have no changes', () => {
  const permissions = { user_groups: { root: { allowed_plans: [null] } } };
  expect(changedPermissions(permissions, permissions)).toEqual([]);
  expect(changedPermissions(undefined, undefined)).toEqual([]);
});

import { isDeepStrictEqual } from 'node:util';
import { isPlainObject } from '../lib/plain-object.ts';

/** One list of one group, before and after; null for a group or list that was not there, or is not there any more. */
export interface PermissionChange {
  readonly user_group: string;
  readonly list: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two sets of permissions, as `permissions_get` gives them. */
export function changedPermissions(before: unknown, after: unknown): PermissionChange[] {
  const [old, now] = [groupsOf(before), groupsOf(after)];
  const groups = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...groups].flatMap((group) => changesOf(group, membersOf(old[group]), membersOf(now[group])));
}

function changesOf(
  user_group: string,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): PermissionChange[] {
  const lists = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...lists]
    .filter((list) => !isDeepStrictEqual(before[list], after[list]))
    .map((list) => ({ user_group, list, before: before[list] ?? null, after: after[list] ?? null }));
}

const groupsOf = (permissions: unknown): Record<string, unknown> =>
  isPlainObject(permissions) ? membersOf(permissions['user_groups']) : {};
const membersOf = (value: unknown): Record<string, unknown> => (isPlainObject(value) ? value : {});

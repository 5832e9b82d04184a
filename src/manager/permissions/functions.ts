import { coded } from '../../protocol/error-codes.ts';
import { getItem } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { isNameAllowed } from './item-names.ts';
import type { GroupPermissions, UserGroupPermissions } from './user-groups.ts';

/**
 * Whether a group may call a function: what `root` does not allow is allowed to nobody.
 * @throws CodedError REFUSED for a group that is not known, or a list that cannot be read
 */
export function isFunctionAllowed(name: PyValue, group: string, permissions: UserGroupPermissions): boolean {
  const { user_groups: groups } = permissions as Partial<UserGroupPermissions>;
  if (!groups) {
    if (Object.keys(permissions).length === 0) return false;
    throw refused("User group permissions dictionary does not contain 'user_groups' key");
  }
  const root = getItem(groups, 'root');
  if (!root) throw refused("No permissions are defined for user group 'root'");
  const own = getItem(groups, group);
  if (!own) throw refused(`No permissions are defined for user group ${repr(group)}`);
  return isAllowedBy(root, name) && isAllowedBy(own, name);
}

const isAllowedBy = ({ allowed_functions = [], forbidden_functions = [] }: GroupPermissions, name: PyValue): boolean =>
  isNameAllowed(name, allowed_functions, forbidden_functions);

/** A `KeyError` of Python shows its message as a literal. */
const refused = (msg: string): Error => coded('REFUSED', { msg: repr(msg) });

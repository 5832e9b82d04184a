import type { Scope } from '../protocol/methods/define-method.ts';
import { DEFAULT_GROUP, ROLES } from './roles.ts';
import type { RoleName } from './roles.ts';

/** Who makes a request, and what follows from that. Every request that is not public has one. */
export interface Principal {
  /** As it signs items: the manager's `user`. */
  readonly name: string;
  /** The first one signs: the manager's `user_group`. */
  readonly groups: readonly [string, ...string[]];
  readonly roles: readonly RoleName[];
  readonly scopes: ReadonlySet<Scope>;
  /** Nobody knows who this is: what it may not do is answered by "who are you" instead of "not you". */
  readonly isAnonymous: boolean;
}

const withRole = (name: string, role: RoleName, isAnonymous: boolean): Principal => ({
  name,
  groups: [DEFAULT_GROUP],
  roles: [role],
  scopes: new Set<Scope>(ROLES[role]),
  isAnonymous,
});

/** Whoever holds the single-user key. */
export const SINGLE_USER = withRole('UNAUTHENTICATED_SINGLE_USER', 'unauthenticated_single_user', false);
/** Whoever shows nothing, where anonymous access is allowed. */
export const PUBLIC = withRole('UNAUTHENTICATED_PUBLIC', 'unauthenticated_public', true);
/** Whoever shows nothing, elsewhere: may do what asks for no scope. */
export const NOBODY: Principal = { ...PUBLIC, roles: [], scopes: new Set() };

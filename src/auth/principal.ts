import type { Scope } from '../protocol/methods/define-method.ts';
import { ANONYMOUS_PROVIDER, PUBLIC_NAME } from './access-policy.ts';
import type { AccessPolicy, User } from './access-policy.ts';

/** Who makes a request, and what follows from that. Every request that is not public has one. */
export interface Principal {
  /** As it signs items: the manager's `user`. */
  readonly name: string;
  /** The first one signs: the manager's `user_group`. */
  readonly groups: readonly [string, ...string[]];
  readonly roles: readonly string[];
  readonly scopes: ReadonlySet<Scope>;
  /** Nobody knows who this is: what it may not do is answered by "who are you" instead of "not you". */
  readonly isAnonymous: boolean;
}

/** Somebody without an account: the single user, the public. */
export function withoutAccount(policy: AccessPolicy, userName: string): Principal {
  const user: User = { userName, provider: ANONYMOUS_PROVIDER, groups: [] };
  return {
    name: policy.displayedNameOf(user),
    groups: policy.groupsOf(user),
    roles: policy.rolesOf(user),
    scopes: policy.scopesOf(user),
    isAnonymous: userName === PUBLIC_NAME,
  };
}

/** Whoever shows nothing where anonymous access is not allowed: may do what asks for no scope. */
export const NOBODY: Principal = {
  name: PUBLIC_NAME,
  groups: ['primary'],
  roles: [],
  scopes: new Set(),
  isAnonymous: true,
};

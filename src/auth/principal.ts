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
  /** On what it was admitted; null for the single user and the public, who have no account. */
  readonly standing: Standing | null;
}

/** What somebody with an account was admitted on: as long as that holds, what they have opened stays open. */
export interface Standing {
  /** UUID of the principal. */
  readonly principal: string;
  /** UUID of the session, and the end of the access token, in seconds since 1970. */
  readonly session?: string;
  readonly until?: number;
  /** Hash of the API key, and its scopes. */
  readonly key?: string;
  readonly keyScopes?: readonly string[];
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
    standing: null,
  };
}

/** Somebody with an account; `users` are its identities. What they may, an API key may narrow. */
export function withAccount(policy: AccessPolicy, users: readonly [User, ...User[]], standing: Standing): Principal {
  const [first] = users;
  const scopes = users.length === 1 ? policy.scopesOf(first) : new Set(users.flatMap((u) => [...policy.scopesOf(u)]));
  return {
    name: policy.displayedNameOf(first),
    groups: policy.groupsOf(first),
    roles: users.length === 1 ? policy.rolesOf(first) : [...new Set(users.flatMap((u) => policy.rolesOf(u)))],
    scopes: narrowed(scopes, standing.keyScopes),
    isAnonymous: false,
    standing,
  };
}

/** The scope of a key that stands for whatever its principal may. */
export const INHERIT = 'inherit';

function narrowed(scopes: ReadonlySet<Scope>, by: readonly string[] | undefined): ReadonlySet<Scope> {
  if (by === undefined || by.includes(INHERIT)) return scopes;
  return new Set([...scopes].filter((scope) => by.includes(scope)));
}

/** Whoever shows nothing where anonymous access is not allowed: may do what asks for no scope. */
export const NOBODY: Principal = {
  name: PUBLIC_NAME,
  groups: ['primary'],
  roles: [],
  scopes: new Set(),
  isAnonymous: true,
  standing: null,
};

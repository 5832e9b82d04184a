import type { Scope } from '../protocol/methods/define-method.ts';
import { DEFAULT_GROUP, ROLES } from './roles.ts';
import type { RoleName } from './roles.ts';

/** The provider of those who have no account, in the original's words. */
export const ANONYMOUS_PROVIDER = '__anonymous__';
/** Whoever holds the key of a gateway without accounts, and whoever shows nothing: users by name, to a policy. */
export const SINGLE_USER_NAME = 'UNAUTHENTICATED_SINGLE_USER';
export const PUBLIC_NAME = 'UNAUTHENTICATED_PUBLIC';

/** Somebody of whom it is known who they are. */
export interface User {
  readonly userName: string;
  readonly provider: string;
  /** As the provider told at the last sign-in. */
  readonly groups: readonly string[];
}

/**
 * What a user may do, and as which group of the manager they ask. It is asked for every request and answers at once: one
 * that learns from a server keeps what it last heard.
 */
export interface AccessPolicy {
  /** Who is not known cannot sign in, whatever their password. */
  isKnown(user: User): boolean;
  rolesOf(user: User): readonly string[];
  scopesOf(user: User): ReadonlySet<Scope>;
  /** The groups of the manager's permissions, the one that signs items first. */
  groupsOf(user: User): readonly [string, ...string[]];
  /** As it signs items: `bob <bob@beamline.org>`. */
  displayedNameOf(user: User): string;
  /** Calls back after an answer has changed, so that open sockets are looked at again; gives back what ends that. */
  onChange(listener: () => void): () => void;
}

const SPECIAL: Readonly<Record<string, RoleName>> = {
  [SINGLE_USER_NAME]: 'unauthenticated_single_user',
  [PUBLIC_NAME]: 'unauthenticated_public',
};

const NONE: ReadonlySet<Scope> = new Set();
const SCOPES_OF = Object.fromEntries(
  Object.entries(SPECIAL).map(([userName, role]) => [userName, new Set<Scope>(ROLES[role])]),
);

/** The original's policy where the configuration names none: it knows nobody but the two who have no account. */
export const NO_ACCOUNTS: AccessPolicy = {
  isKnown: ({ userName }) => Object.hasOwn(SPECIAL, userName),
  rolesOf: ({ userName }) => roleOf(userName),
  scopesOf: ({ userName }) => SCOPES_OF[userName] ?? NONE,
  groupsOf: () => [DEFAULT_GROUP],
  displayedNameOf: ({ userName }) => userName,
  onChange: () => () => undefined,
};

function roleOf(userName: string): readonly RoleName[] {
  const role = SPECIAL[userName];
  return role === undefined ? [] : [role];
}

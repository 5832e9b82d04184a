import type { Scope } from '../../protocol/methods/define-method.ts';
import type { AccessPolicy, User } from '../access-policy.ts';
import type { ResourceAccess } from './resource-access.ts';

/** What a user may call. */
export interface ApiAccess {
  /** Roles by name. A role that is not in it holds nothing. */
  readonly roles: ReadonlyMap<string, ReadonlySet<Scope>>;
  isKnown(user: User): boolean;
  rolesOf(user: User): readonly string[];
  /** `bob "Bob B. <bob@beamline.org>"`, as far as it is known. */
  displayedNameOf(user: User): string;
  onChange(listener: () => void): () => void;
  /** Opens what it learns from; a policy that knows everything has nothing to open. */
  start(): void;
  close(): void;
}

const NONE: ReadonlySet<Scope> = new Set();

/** One policy of what a user may call and as which groups. */
export const combined = (api: ApiAccess, resources: ResourceAccess): AccessPolicy => ({
  isKnown: (user) => api.isKnown(user),
  rolesOf: (user) => api.rolesOf(user),
  scopesOf: (user) => scopesOf(api.roles, api.rolesOf(user)),
  groupsOf: (user) => resources.groupsOf(user),
  displayedNameOf: (user) => api.displayedNameOf(user),
  onChange: (listener) => api.onChange(listener),
});

function scopesOf(table: ApiAccess['roles'], roles: readonly string[]): ReadonlySet<Scope> {
  const [first, ...others] = roles;
  // Most users have one role, and this is asked for every request.
  if (first === undefined) return NONE;
  if (others.length === 0) return table.get(first) ?? NONE;
  return new Set(roles.flatMap((role) => [...(table.get(role) ?? NONE)]));
}

import type { Schema } from '../../lib/json-schema/schema.ts';
import type { Scope } from '../../protocol/methods/define-method.ts';
import type { ApiAccess } from './api-access.ts';

const SCOPE: Schema = { type: 'string', pattern: '^[0-9a-zA-Z:_]+$' };
const SCOPES: Schema = { oneOf: [{ type: 'array', items: SCOPE }, SCOPE, { type: 'null' }] };
const CHANGES: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: { scopes_set: SCOPES, scopes_add: SCOPES, scopes_remove: SCOPES },
};

/** The argument `roles` of every policy: by role, what is changed of its scopes. */
export const ROLE_CHANGES: Schema = {
  oneOf: [
    {
      type: 'object',
      additionalProperties: false,
      patternProperties: { [String.raw`^[a-zA-Z_][0-9a-zA-Z_.@\-\+]*$`]: { oneOf: [CHANGES, { type: 'null' }] } },
    },
    { type: 'null' },
  ],
};

type ScopeList = readonly string[] | string | null;
interface RoleChange {
  readonly scopes_set?: ScopeList;
  readonly scopes_add?: ScopeList;
  readonly scopes_remove?: ScopeList;
}
export type RoleChanges = Readonly<Record<string, RoleChange | null>> | null;

/**
 * A table of roles with some of them changed, or added. Of one role the scopes are set, then added to, then removed from;
 * a role that is null holds nothing. Who may submit may also stop everything, though no configuration of the original says
 * so.
 */
export function changedRoles(
  table: Readonly<Record<string, readonly Scope[]>>,
  changes: RoleChanges,
): ApiAccess['roles'] {
  const roles = new Map(Object.entries(table).map(([role, scopes]) => [role, new Set(scopes)]));
  for (const [role, change] of Object.entries(changes ?? {})) {
    const { scopes_set: set, scopes_add: add, scopes_remove: removed } = change ?? { scopes_set: [] };
    const before = set === undefined ? (roles.get(role) ?? []) : scopesOf(set);
    const gone = new Set(scopesOf(removed));
    const held = [...before, ...scopesOf(add)].filter((scope) => !gone.has(scope));
    roles.set(role, new Set(held.includes('write:queue:edit') ? [...held, 'write:emergency:stop'] : held));
  }
  return roles;
}

/** A scope that no route asks for opens nothing, so that a site may name its own. */
const scopesOf = (list: ScopeList | undefined): Scope[] =>
  (typeof list === 'string' ? [list] : (list ?? [])).map((scope) => scope.toLowerCase() as Scope);

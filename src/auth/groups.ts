import { namesOf } from './access/user-table.ts';
import type { NameList } from './access/user-table.ts';

/**
 * What a membership at the identity provider brings here: a role, or a group of the manager's permissions.
 *
 * A membership is a text: the DN of an LDAP group, or a value of an OIDC claim. DNs are compared as directories do, without
 * regard to case and spaces after commas; other texts as they are.
 */
export class GroupMap {
  readonly #brings: ReadonlyMap<string, readonly string[]>;

  constructor(map: Readonly<Record<string, NameList>>) {
    this.#brings = new Map(Object.entries(map).map(([group, names]) => [comparable(group), namesOf(names)]));
  }

  /** In the order of the map, which is the order of preference, each once. */
  of(memberships: readonly string[]): readonly string[] {
    if (this.#brings.size === 0 || memberships.length === 0) return [];
    const held = new Set(memberships.map(comparable));
    return [...new Set([...this.#brings].flatMap(([group, names]) => (held.has(group) ? names : [])))];
  }
}

const comparable = (group: string): string =>
  /^\s*[a-z][a-z0-9.-]*\s*=/i.test(group)
    ? group
        .trim()
        .replace(/\s*([,=+])\s*/g, '$1')
        .toLowerCase()
    : group;

import type { ExistingLists } from '../existing-lists/existing-lists.ts';
import type { Permissions } from '../permissions/permissions.ts';

/** The lists as JSON text, each made at most once. */
export class GroupTexts {
  readonly #existing: ExistingLists;
  readonly #permissions: Permissions;
  readonly #made = new Map<string, string>();

  constructor(existing: ExistingLists, permissions: Permissions) {
    this.#existing = existing;
    this.#permissions = permissions;
  }

  existing(what: 'plans' | 'devices'): string {
    return this.#text(what, () => this.#existing[what]);
  }

  /** null for a group without permissions. */
  allowed(what: 'plans' | 'devices', group: string): string | null {
    const lists = this.#permissions.allowed(group);
    return lists ? this.#text(`${what} of ${group}`, () => lists[what]) : null;
  }

  #text(name: string, value: () => object): string {
    let text = this.#made.get(name);
    if (text === undefined) {
      text = JSON.stringify(value());
      this.#made.set(name, text);
    }
    return text;
  }
}

/** What clients may do with a PV. */
export type Access = 'none' | 'read' | 'write' | 'read-write';

/** The access rights of the records by name; all may be read and written unless told. Clients hear of a change at once. */
export class AccessRules {
  readonly #byRecord: Map<string, Access>;
  readonly #listeners = new Set<(recordName: string) => void>();

  constructor(byRecord: Readonly<Record<string, Access>> = {}) {
    this.#byRecord = new Map(Object.entries(byRecord));
  }

  of(recordName: string): Access {
    return this.#byRecord.get(recordName) ?? 'read-write';
  }

  set(recordName: string, access: Access): void {
    this.#byRecord.set(recordName, access);
    for (const listener of this.#listeners) listener(recordName);
  }

  onChange(listener: (recordName: string) => void): void {
    this.#listeners.add(listener);
  }
}

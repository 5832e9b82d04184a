import { Pv } from './pv.ts';
import type { EpicsRecord } from './records/record.ts';

/** `NAME`, `NAME.FIELD`, and with `$` at the end a text of any length as bytes. */
const PV_NAME = /^([^.$]+)(?:\.([A-Z][A-Z0-9]*))?(\$)?$/;

/** The records of one IOC, and the names by which Channel Access finds their fields. */
export class Database {
  readonly #records = new Map<string, EpicsRecord>();

  constructor(records: Iterable<EpicsRecord> = []) {
    for (const record of records) this.add(record);
  }

  get records(): IterableIterator<EpicsRecord> {
    return this.#records.values();
  }

  add(record: EpicsRecord): void {
    if (this.#records.has(record.name)) throw new Error(`there is already a record '${record.name}'`);
    this.#records.set(record.name, record);
  }

  /** @throws Error for a record that is not there: a bug of the caller, not of a client */
  record(name: string): EpicsRecord {
    const record = this.#records.get(name);
    if (record === undefined) throw new Error(`there is no record '${name}'`);
    return record;
  }

  /** What a client means by a name; `undefined` for a name that is not served here. */
  find(name: string): Pv | undefined {
    const [, recordName = '', fieldName = 'VAL', longString] = PV_NAME.exec(name) ?? [];
    const record = this.#records.get(recordName);
    const field = record?.fields.get(fieldName);
    if (record === undefined || field === undefined) return undefined;
    if (longString !== undefined && field.type !== 'STRING') return undefined;
    return new Pv(name, record, field, longString !== undefined);
  }

  close(): void {
    for (const record of this.#records.values()) record.close();
  }
}

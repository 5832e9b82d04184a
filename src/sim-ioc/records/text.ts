import type { Field } from './field.ts';
import { OutputRecord, type OutputOptions, VALUE_AND_LOG } from './output-record.ts';
import type { FieldValue } from './value.ts';

export interface TextOptions extends OutputOptions {
  readonly value?: string;
  /** `SIZV` of a long string, its final zero included. */
  readonly bytes?: number;
}

/** `stringout`, `stringin` (39 bytes) and `lso`, `lsi` (long strings: read and written whole as `.VAL$`). */
export class TextRecord extends OutputRecord {
  #told: string;

  constructor(name: string, recordType: 'stringout' | 'stringin' | 'lso' | 'lsi', options: TextOptions = {}) {
    super(name, recordType, options);
    const isLong = recordType.startsWith('ls');
    const textBytes = isLong ? (options.bytes ?? 256) : 40;
    this.#told = options.value ?? '';
    this.define('VAL', { type: 'STRING', initial: this.#told, processes: true, textBytes });
    if (!isLong) return;
    this.define('SIZV', { type: 'LONG', initial: textBytes, isReadOnly: true });
    this.define('LEN', { type: 'LONG', initial: Buffer.byteLength(this.#told) + 1, isReadOnly: true });
  }

  protected override store(field: Field, value: FieldValue): void {
    super.store(field, value);
    if (field === this.value) this.fields.get('LEN')?.store(Buffer.byteLength(field.text) + 1);
  }

  protected override changeOfValue(): number {
    const value = this.value.text;
    const isNew = value !== this.#told;
    this.#told = value;
    return isNew ? VALUE_AND_LOG : 0;
  }
}

import { type Alarm, isWorse, SEVERITIES } from './alarm.ts';
import type { Field } from './field.ts';
import { OutputRecord, type OutputOptions, VALUE_AND_LOG } from './output-record.ts';
import type { FieldValue } from './value.ts';

const PREFIXES = ['ZR', 'ON', 'TW', 'TH', 'FR', 'FV', 'SX', 'SV', 'EI', 'NI', 'TE', 'EL', 'TV', 'TT', 'FT', 'FF'];
const BINARY = { names: ['ZNAM', 'ONAM'], severities: ['ZSV', 'OSV'] };
const MULTI_BIT = { names: PREFIXES.map((word) => `${word}ST`), severities: PREFIXES.map((word) => `${word}SV`) };

export interface DiscreteOptions extends OutputOptions {
  readonly states: readonly string[];
  readonly value?: number;
}

/** `bo`, `bi` (two states) and `mbbo`, `mbbi` (up to sixteen). The names of the states are fields, too. */
export class DiscreteRecord extends OutputRecord {
  readonly #layout: typeof BINARY;
  #told: number;

  constructor(name: string, recordType: 'bo' | 'bi' | 'mbbo' | 'mbbi', options: DiscreteOptions) {
    super(name, recordType, options);
    this.#told = options.value ?? 0;
    this.#layout = recordType.startsWith('b') ? BINARY : MULTI_BIT;
    this.define('VAL', { type: 'ENUM', initial: this.#told, choices: options.states, processes: true });
    for (const [index, field] of this.#layout.names.entries()) {
      this.define(field, { type: 'STRING', initial: options.states[index] ?? '', textBytes: 26 });
    }
    for (const field of this.#layout.severities) this.define(field, { type: 'ENUM', choices: SEVERITIES });
  }

  protected override store(field: Field, value: FieldValue): void {
    super.store(field, value);
    if (!this.#layout.names.includes(field.name)) return;
    this.value.renameStates(this.#names());
    this.announceProperties();
  }

  protected override changeOfValue(): number {
    const value = this.value.number;
    const isNew = value !== this.#told;
    this.#told = value;
    return isNew ? VALUE_AND_LOG : 0;
  }

  protected override ownAlarm(): Alarm {
    const failure = super.ownAlarm();
    const field = this.#layout.severities[this.value.number];
    const severity = SEVERITIES[field === undefined ? 0 : this.field(field).number] ?? 'INVALID';
    return isWorse(severity, failure.severity) ? { condition: 'STATE', severity } : failure;
  }

  /** All up to the last that has a name. */
  #names(): string[] {
    const names = this.#layout.names.map((name) => this.field(name).text);
    return names.slice(0, names.findLastIndex((name) => name !== '') + 1);
  }
}

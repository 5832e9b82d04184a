import type { Field } from './field.ts';
import { OutputRecord, type OutputOptions, VALUE_AND_LOG } from './output-record.ts';
import { elementsOf, type FieldType, type FieldValue } from './value.ts';

const ELEMENT_TYPES: readonly FieldType[] = ['STRING', 'CHAR', 'SHORT', 'LONG', 'FLOAT', 'DOUBLE', 'ENUM'];

export interface WaveformOptions extends OutputOptions {
  /** `FTVL`. */
  readonly elements: FieldType;
  /** `NELM`: the most it holds; `NORD` says how many it has now. */
  readonly capacity: number;
  readonly value: FieldValue;
  readonly units?: string;
  readonly precision?: number;
}

/** `waveform`: an array. Every write is told to the monitors, as the record's `MPST=Always` does. */
export class WaveformRecord extends OutputRecord {
  constructor(name: string, options: WaveformOptions) {
    super(name, 'waveform', options);
    const { elements: type, capacity, value } = options;
    this.define('VAL', {
      type,
      capacity,
      initial: value,
      processes: true,
      units: () => this.field('EGU').text,
      precision: () => this.field('PREC').number,
    });
    const initial = ELEMENT_TYPES.indexOf(type);
    this.define('FTVL', { type: 'ENUM', choices: ELEMENT_TYPES, initial, isReadOnly: true });
    this.define('NELM', { type: 'LONG', initial: capacity, isReadOnly: true });
    this.define('NORD', { type: 'LONG', initial: elementsOf(value).length, isReadOnly: true });
    this.define('EGU', { type: 'STRING', initial: options.units ?? '', textBytes: 16 });
    this.define('PREC', { type: 'SHORT', initial: options.precision ?? 0 });
  }

  protected override store(field: Field, value: FieldValue): void {
    super.store(field, value);
    if (field !== this.value) return;
    const length = this.field('NORD');
    if (length.store(elementsOf(value).length)) length.announce(VALUE_AND_LOG);
  }

  protected override changeOfValue(): number {
    return VALUE_AND_LOG;
  }
}

import { bytesOfText, convert, PutRefused, textOfBytes } from './records/conversion.ts';
import type { Field } from './records/field.ts';
import type { EpicsRecord } from './records/record.ts';
import { arrayOf, elementsOf, type FieldType, type FieldValue, type NumericArray } from './records/value.ts';

/** A value as a client writes it: its elements with their type. */
export interface Written {
  readonly type: FieldType;
  readonly value: FieldValue;
}

/** A process variable: one field of one record, as clients see it, and with what they say converted to its type. */
export class Pv {
  readonly name: string;
  readonly record: EpicsRecord;
  readonly field: Field;
  /** `.FIELD$`: the text of the field as an array of bytes, ended by a zero. */
  readonly isLongString: boolean;

  constructor(name: string, record: EpicsRecord, field: Field, isLongString: boolean) {
    this.name = name;
    this.record = record;
    this.field = field;
    this.isLongString = isLongString;
  }

  get type(): FieldType {
    return this.isLongString ? 'CHAR' : this.field.type;
  }

  /** The most elements it can have. */
  get capacity(): number {
    return this.isLongString ? this.field.textBytes : this.field.capacity;
  }

  /** The present value as another type has it. @throws PutRefused where it cannot be converted */
  read(type: FieldType): FieldValue {
    if (this.isLongString && type !== 'STRING') {
      return convert(bytesOfText(this.field.text, this.field.textBytes), 'CHAR', type, this.field);
    }
    if (type === 'STRING' && this.#isText(this.field.value)) return textOfBytes(this.field.value);
    return convert(this.field.value, this.field.type, type, this.field);
  }

  /** @throws PutRefused, as `EpicsRecord.put` */
  put(written: Written): void {
    this.record.put(this.field, this.#taken(written));
  }

  /** As `EpicsRecord.putCallback`; a value that cannot be converted is refused at once. */
  putCallback(written: Written, done: (refusal: PutRefused | null) => void): () => void {
    let value: FieldValue;
    try {
      value = this.#taken(written);
    } catch (failure) {
      if (!(failure instanceof PutRefused)) throw failure;
      done(failure);
      return () => undefined;
    }
    return this.record.putCallback(this.field, value, done);
  }

  /** What was written, in the type and shape of the field. */
  #taken({ type, value }: Written): FieldValue {
    if (this.isLongString) {
      return value instanceof Uint8Array
        ? textOfBytes(value)
        : String(scalarOf(convert(value, type, 'STRING', this.field)));
    }
    if (this.field.type === 'CHAR' && this.field.capacity > 1 && typeof value === 'string') {
      return bytesOfText(value, this.field.capacity);
    }
    const converted = convert(value, type, this.field.type, this.field);
    if (this.field.capacity === 1) return scalarOf(converted);
    const elements = typeof converted === 'object' ? converted : listOf(converted, this.field.type);
    return elements.length > this.field.capacity ? elements.slice(0, this.field.capacity) : elements;
  }

  /** An array of bytes read as one STRING is the text in it. */
  #isText(value: FieldValue): value is Uint8Array {
    return this.field.type === 'CHAR' && this.field.capacity > 1 && value instanceof Uint8Array;
  }
}

function scalarOf(value: FieldValue): FieldValue {
  const first = elementsOf(value)[0];
  if (first === undefined) throw new PutRefused('no element was written');
  return first;
}

const listOf = (value: number | string, type: FieldType): NumericArray | string[] =>
  type === 'STRING' ? [String(value)] : arrayOf(type, [Number(value)]);

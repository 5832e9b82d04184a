import { type FieldType, type FieldValue, isSameValue, type NumericArray } from './value.ts';

/** What a monitor may ask to hear of; a change can be of several kinds. */
export const CHANGE = { VALUE: 1, LOG: 2, ALARM: 4, PROPERTY: 8 } as const;

/** Limits that a field leaves open are not there. */
export interface Limits {
  readonly display?: readonly [low: number, high: number];
  readonly warning?: readonly [low: number, high: number];
  readonly alarm?: readonly [low: number, high: number];
  readonly control?: readonly [low: number, high: number];
}

export interface FieldOptions {
  readonly type: FieldType;
  readonly initial?: FieldValue;
  /** The most elements of an array field (`NELM`); 1 for a scalar. */
  readonly capacity?: number;
  /** The bytes a text may have, its final zero included; 40 unless told, and more in a long string. */
  readonly textBytes?: number;
  readonly choices?: readonly string[];
  /** A read-back: any write is refused, although the access rights allow it (`special(SPC_NOMOD)`). */
  readonly isReadOnly?: boolean;
  /** A write makes the record process (`pp(TRUE)`). */
  readonly processes?: boolean;
  readonly units?: () => string;
  readonly precision?: () => number;
  readonly limits?: () => Limits;
}

/** Hears of the changes of one field, in the order in which they happen. */
export interface FieldListener {
  readonly mask: number;
  changed(kinds: number): void;
}

/** One field of a record: its value, what is known about it, and who listens. Only its record changes it. */
export class Field {
  readonly name: string;
  readonly type: FieldType;
  readonly capacity: number;
  readonly textBytes: number;
  readonly isReadOnly: boolean;
  readonly processes: boolean;
  readonly #options: FieldOptions;
  /** Made when first needed: records have many fields that nobody ever monitors. */
  #listeners: Set<FieldListener> | undefined;
  #choices: readonly string[];
  #value: FieldValue;

  constructor(name: string, options: FieldOptions) {
    this.name = name;
    this.type = options.type;
    this.capacity = options.capacity ?? 1;
    this.textBytes = options.textBytes ?? 40;
    this.isReadOnly = options.isReadOnly ?? false;
    this.processes = options.processes ?? false;
    this.#options = options;
    this.#choices = options.choices ?? [];
    this.#value = options.initial ?? (options.type === 'STRING' ? '' : 0);
  }

  get value(): FieldValue {
    return this.#value;
  }

  get number(): number {
    return typeof this.#value === 'number' ? this.#value : Number(this.#value);
  }

  get text(): string {
    return String(this.#value);
  }

  get array(): NumericArray | string[] {
    return typeof this.#value === 'object' ? this.#value : Float64Array.of(this.number);
  }

  get choices(): readonly string[] {
    return this.#choices;
  }

  get units(): string {
    return this.#options.units?.() ?? '';
  }

  get precision(): number {
    return this.#options.precision?.() ?? (this.type === 'DOUBLE' || this.type === 'FLOAT' ? 6 : 0);
  }

  get limits(): Limits {
    return this.#options.limits?.() ?? {};
  }

  /** Stores a value and says whether it differs from the one before. Nobody is told: that is `announce`. */
  store(value: FieldValue): boolean {
    const isNew = !isSameValue(this.#value, value);
    this.#value = value;
    return isNew;
  }

  renameStates(choices: readonly string[]): void {
    this.#choices = choices;
  }

  listen(listener: FieldListener): () => void {
    const listeners = (this.#listeners ??= new Set());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  announce(kinds: number): void {
    for (const listener of this.#listeners ?? []) if ((listener.mask & kinds) !== 0) listener.changed(kinds);
  }
}

import { WholeFloat } from '../raw-json.ts';

/** A value as JSON text gives it to Python: what {@link parseView} answers. */
export type PyJson = null | boolean | number | bigint | WholeFloat | string | PyJson[] | PyDict;
export interface PyDict {
  [key: string]: PyJson;
}

/** Any value that a message may have to show, that is JSON and what validation makes of it. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | WholeFloat
  | string
  | PyTuple
  | PySet
  | PyBytes
  | PyComplex
  | PyEllipsis
  | PyObject
  | PyMember
  | PyMap
  | PyIterator
  | PyValue[]
  | { [key: string]: PyValue };

export class PyTuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

export class PySet {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** One character a byte. */
export class PyBytes {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export class PyComplex {
  readonly real: number;
  readonly imaginary: number;
  constructor(real: number, imaginary: number) {
    this.real = real;
    this.imaginary = imaginary;
  }
}

export class PyEllipsis {
  readonly text = 'Ellipsis';
}

/** Any other object, by the text that it shows itself with: `<function f>`. */
export class PyObject {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A dictionary whose keys are not all strings. */
export class PyMap {
  readonly entries: readonly (readonly [PyValue, PyValue])[];
  constructor(entries: readonly (readonly [PyValue, PyValue])[]) {
    this.entries = entries;
  }
}

/** A member of an enumeration whose members are named by their values: `<Motors.m1: 'm1'>`. */
export class PyMember {
  readonly enumName: string;
  readonly value: string;
  constructor(enumName: string, value: string) {
    this.enumName = enumName;
    this.value = value;
  }
}

/**
 * What validation makes of an iterable of declared type: its elements are checked one at a time, when they are asked
 * for, so that an element may be refused after the value as a whole was accepted.
 */
export class PyIterator {
  /** How the type of the elements shows in `repr`. */
  readonly elementText: string;
  readonly #check: (index: number) => PyValue;
  readonly #length: number;
  #index = 0;

  constructor(elementText: string, length: number, check: (index: number) => PyValue) {
    this.elementText = elementText;
    this.#length = length;
    this.#check = check;
  }

  get index(): number {
    return this.#index;
  }

  next(): { value: PyValue } | null {
    if (this.#index >= this.#length) return null;
    return { value: this.#check(this.#index++) };
  }
}

/** `<class 'int'>` and the like, without the brackets; Python tells `True` from 1, and 1.0 from 1. */
export function typeName(value: PyValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof WholeFloat) return 'float';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PySet) return 'set';
  if (value instanceof PyBytes) return 'bytes';
  if (value instanceof PyComplex) return 'complex';
  if (value instanceof PyEllipsis) return 'ellipsis';
  if (value instanceof PyObject) return 'object';
  if (value instanceof PyMember) return value.enumName;
  if (value instanceof PyIterator) return 'pydantic_core._pydantic_core.ValidatorIterator';
  return 'dict';
}

export function isDict(value: PyValue | undefined): value is { [key: string]: PyValue } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

/** The key's value, and never something that every object has, such as `constructor`. */
export function getItem<T>(dict: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(dict, key) ? dict[key] : undefined;
}

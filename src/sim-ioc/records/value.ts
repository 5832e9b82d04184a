/** The database types that Channel Access can tell apart. */
export type FieldType = 'STRING' | 'SHORT' | 'FLOAT' | 'ENUM' | 'CHAR' | 'LONG' | 'DOUBLE';

export type NumericArray = Int16Array | Uint16Array | Uint8Array | Int32Array | Float32Array | Float64Array;

/** What a field holds: a number or a text, and in an array field a typed array or texts. */
export type FieldValue = number | string | NumericArray | string[];

const ARRAYS = {
  SHORT: Int16Array,
  FLOAT: Float32Array,
  ENUM: Uint16Array,
  CHAR: Uint8Array,
  LONG: Int32Array,
  DOUBLE: Float64Array,
} as const;

/** Numbers as one type holds them: cast as C does, towards zero and wrapped. */
export const arrayOf = (type: Exclude<FieldType, 'STRING'>, values: ArrayLike<number>): NumericArray =>
  new ARRAYS[type](values);

export const zeros = (type: Exclude<FieldType, 'STRING'>, length: number): NumericArray => new ARRAYS[type](length);

export function castNumber(type: Exclude<FieldType, 'STRING'>, value: number): number {
  return type === 'DOUBLE' ? value : (arrayOf(type, [value])[0] ?? 0);
}

export const elementsOf = (value: FieldValue): ArrayLike<number> | readonly string[] =>
  typeof value === 'number' ? [value] : typeof value === 'string' ? [value] : value;

export const areTexts = (elements: ArrayLike<number> | readonly string[]): elements is readonly string[] =>
  Array.isArray(elements) && typeof elements[0] === 'string';

export function isSameValue(one: FieldValue, other: FieldValue): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return Object.is(one, other);
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (!Object.is(one[index], other[index])) return false;
  return true;
}

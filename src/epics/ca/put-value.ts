import { inspect } from 'node:util';
import { type EncodedDbr, encodeDbr } from './codec/dbr.ts';
import { DBR, type NativeType, type NumericType, STRING_BYTES, TYPE_NAMES } from './codec/dbr-types.ts';
import type { NumericArray } from './codec/elements.ts';
import { ECA } from './codec/status-codes.ts';
import { encodeName } from './codec/text.ts';
import { CaError } from './errors.ts';

export type PutScalar = number | string | boolean | bigint;
type NumberArray = NumericArray | Int8Array | Uint32Array;
type BigArray = BigInt64Array | BigUint64Array;
export type PutValue = PutScalar | readonly PutScalar[] | NumberArray | BigArray;

/** The channel as far as a put depends on it. */
interface PutTarget {
  readonly type: NativeType;
  readonly count: number;
}

/**
 * Encodes what a user wants to write. Text goes as text, and the IOC finds what it means, except to an array of CHAR,
 * which takes it whole (a long string). What the type cannot hold is refused, not bent: NaN, infinities and anything out
 * of range for an integer, a whole number that a DOUBLE does not hold exactly, text of more than 39 bytes. The one
 * conversion is a fraction to an integer, which is cut towards zero as an IOC would.
 * @throws CaError NOCONVERT (400), BADSTR (186), BADCOUNT (176), BADTYPE (114)
 */
export function encodePut(value: PutValue, target: PutTarget): EncodedDbr {
  const isLongString = typeof value === 'string' && target.type === DBR.CHAR && target.count > 1;
  const encoded = isLongString ? encodeDbr(DBR.CHAR, value) : encodeElements(value, target.type);
  if (encoded.count === 0 || encoded.count > target.count) {
    throw new CaError(`${encoded.count} elements for a channel of ${target.count}`, ECA.BADCOUNT);
  }
  return encoded;
}

function encodeElements(value: PutValue, type: NativeType): EncodedDbr {
  if (isNumberArray(value) && type !== DBR.STRING) return encodeNumbers(value, type);
  const list = listOf(value);
  if (type === DBR.STRING || list.some((element) => typeof element === 'string')) return encodeTexts(list.map(asText));
  return encodeNumbers(Float64Array.from(list, exactNumber), type);
}

/** Checked, because what a plan passes has no type: `undefined` must not become NaN on its way to a motor. */
function listOf(value: PutValue): readonly PutScalar[] {
  const list: readonly unknown[] = Array.isArray(value) || ArrayBuffer.isView(value) ? [...value] : [value];
  const odd = list.find((element) => !SCALARS.has(typeof element));
  if (odd === undefined && !list.includes(undefined)) return list as readonly PutScalar[];
  throw new CaError(`${inspect(odd)} is no number, text, boolean or list of these`, ECA.BADTYPE);
}

const SCALARS = new Set(['number', 'string', 'boolean', 'bigint']);
const isNumberArray = (value: PutValue): value is NumberArray =>
  ArrayBuffer.isView(value) && !(value instanceof BigInt64Array || value instanceof BigUint64Array);

const asText = (element: PutScalar): string => String(typeof element === 'boolean' ? Number(element) : element);

function exactNumber(value: PutScalar): number {
  const number = Number(value);
  if (typeof value !== 'bigint' || BigInt(number) === value) return number;
  throw new CaError(`${value} has more digits than Channel Access can carry`, ECA.NOCONVERT);
}

function encodeTexts(texts: readonly string[]): EncodedDbr {
  for (const text of texts) {
    const bytes = Buffer.byteLength(text);
    if (bytes < STRING_BYTES) continue;
    throw new CaError(`text of ${bytes} bytes, a STRING holds 39: '${text.slice(0, 40)}...'`, ECA.BADSTR);
  }
  const [text, ...more] = texts;
  // A single text goes only as long as it is, as libca sends it.
  if (text !== undefined && more.length === 0) return { type: DBR.STRING, count: 1, payload: encodeName(text) };
  return encodeDbr(DBR.STRING, texts);
}

function encodeNumbers(numbers: NumberArray, type: NumericType): EncodedDbr {
  // Bytes are bytes, signed or not: 255 is how a channel of CHAR gives -1 back.
  const isBytes = type === DBR.CHAR && numbers.BYTES_PER_ELEMENT === 1;
  if (type === DBR.FLOAT) assertFloats(numbers);
  else if (type !== DBR.DOUBLE && !isBytes) assertIntegers(numbers, type);
  return encodeDbr(type, numbers);
}

const RANGES = {
  [DBR.SHORT]: [-32_768, 32_767],
  [DBR.ENUM]: [0, 65_535],
  [DBR.CHAR]: [0, 255],
  [DBR.LONG]: [-2_147_483_648, 2_147_483_647],
} as const;

function assertIntegers(numbers: NumberArray, type: keyof typeof RANGES): void {
  const [low, high] = RANGES[type];
  for (const number of numbers) {
    const whole = Math.trunc(number);
    if (!(whole >= low && whole <= high)) throw notHeld(number, type);
  }
}

/** A FLOAT rounds, as everybody knows, but must not make an infinity of a number. */
function assertFloats(numbers: NumberArray): void {
  for (const number of numbers) {
    if (Number.isFinite(number) && !Number.isFinite(Math.fround(number))) throw notHeld(number, DBR.FLOAT);
  }
}

const notHeld = (number: number, type: NativeType): CaError =>
  new CaError(`${number} cannot be written as ${TYPE_NAMES[type]}`, ECA.NOCONVERT);

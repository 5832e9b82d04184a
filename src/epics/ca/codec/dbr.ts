import { DBR, ELEMENT_BYTES, partsOf, STRING_BYTES, valueOffset } from './dbr-types.ts';
import { type CaValue, decodeArray, decodeScalar, encodeNumbers, encodeStrings } from './elements.ts';
import type { CaMessage } from './message.ts';
import { type CaMetadata, decodeMetadata, encodeMetadata } from './metadata.ts';
import { decodeText, paddedLength } from './text.ts';

/**
 * A value with what was told beside it:
 * `{ value: 7.25, count: 1, dbrType: 20, status: 0, severity: 0, timestamp: 1700000000.5, secondsPastEpoch: 1068848000,
 * nanoseconds: 500000000 }` for a DBR_TIME_DOUBLE.
 */
export interface CaReading extends CaMetadata {
  value: CaValue;
  count: number;
  dbrType: number;
}

/** What an encoder takes: also lists of numbers, and for CHAR a text (a long string, sent with its final zero). */
export type EncodableValue = CaValue | Int8Array | Uint32Array | readonly number[] | readonly string[];

/**
 * Decodes DBR types 0 to 34 and CLASS_NAME, in both roles: a client the replies, a server the writes.
 * One element is a scalar unless `asScalar` is false (a channel that is an array stays one when it holds one element).
 * @throws RangeError for an unknown type, or a payload shorter than it claims
 */
export function decodeDbr(
  { type, count, payload }: Pick<CaMessage, 'type' | 'count' | 'payload'>,
  asScalar = count === 1,
): CaReading {
  if (type === DBR.CLASS_NAME) return { value: decodeText(payload, 0, STRING_BYTES), count: 1, dbrType: type };
  const { form, native } = partsOf(type);
  const offset = valueOffset(form, native);
  const value =
    asScalar && count === 1 ? decodeScalar(native, payload, offset) : decodeArray(native, payload, offset, count);
  return { value, count, dbrType: type, ...decodeMetadata(form, native, payload) };
}

export interface EncodedDbr {
  type: number;
  count: number;
  /** Filled up to 8 bytes. */
  payload: Buffer;
}

/**
 * Encodes a value and its metadata as a DBR type, in both roles. Numbers are cast to the type as C does, towards zero
 * and wrapped, and strings are cut at 39 bytes: a client that must refuse these looks first (`put-value.ts`).
 * Texts are never parsed and numbers never printed: that conversion is the record's.
 * @throws RangeError for an unknown type; TypeError for numbers as STRING, and for texts as a number
 */
export function encodeDbr(type: number, value: EncodableValue, metadata: CaMetadata = {}): EncodedDbr {
  if (type === DBR.CLASS_NAME) return { type, count: 1, payload: encodeClassName(value) };
  const { form, native } = partsOf(type);
  const elements = native === DBR.STRING ? stringsIn(value) : numbersIn(value, native === DBR.CHAR);
  const offset = valueOffset(form, native);
  // Buffer.alloc() takes memory of its own, so that the elements are aligned for a typed array over them.
  // Room for one element is there even when there is none, as C servers have it.
  const payload = Buffer.alloc(paddedLength(offset + Math.max(1, elements.length) * ELEMENT_BYTES[native]));
  encodeMetadata(form, native, metadata, payload);
  if (native === DBR.STRING) encodeStrings(elements as readonly string[], payload, offset);
  else encodeNumbers(native, elements as ArrayLike<number>, payload, offset);
  return { type, count: elements.length, payload };
}

function encodeClassName(value: EncodableValue): Buffer {
  const payload = Buffer.alloc(STRING_BYTES);
  encodeStrings(stringsIn(value).slice(0, 1), payload, 0);
  return payload;
}

function stringsIn(value: EncodableValue): readonly string[] {
  const texts = typeof value === 'string' ? [value] : value;
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return texts;
  throw new TypeError('only text can be encoded as a STRING');
}

function numbersIn(value: EncodableValue, isChar: boolean): ArrayLike<number> {
  if (typeof value === 'number') return [value];
  if (ArrayBuffer.isView(value)) return value;
  if (typeof value === 'string' && isChar) return Buffer.from(`${value}\0`);
  if (Array.isArray(value) && value.every((element) => typeof element === 'number')) return value;
  throw new TypeError('text cannot be encoded as a number');
}

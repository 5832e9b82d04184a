import { endianness } from 'node:os';
import { DBR, ELEMENT_BYTES, type NativeType, type NumericType, STRING_BYTES } from './dbr-types.ts';
import { decodeText, writeText } from './text.ts';

/** Arrays of numbers as they leave the decoder: SHORT, ENUM, CHAR (unsigned), LONG, FLOAT, DOUBLE. */
export type NumericArray = Int16Array | Uint16Array | Uint8Array | Int32Array | Float32Array | Float64Array;

/** A scalar channel has a number or a string, an array channel a typed array or strings. CHAR is unsigned, 0 to 255. */
export type CaValue = number | string | NumericArray | string[];

interface NumericElement {
  read(bytes: Buffer, offset: number): number;
  /** As a C cast would: towards zero, then wrapped. Who must refuse instead, checks before. */
  write(bytes: Buffer, value: number, offset: number): void;
  array(bytes: ArrayBuffer, offset?: number, count?: number): NumericArray;
}

const NUMERIC: Readonly<Record<NumericType, NumericElement>> = {
  [DBR.SHORT]: {
    read: (bytes, offset) => bytes.readInt16BE(offset),
    write: (bytes, value, offset) => void bytes.writeInt16BE((value << 16) >> 16, offset),
    array: (...memory) => new Int16Array(...memory),
  },
  [DBR.FLOAT]: {
    read: (bytes, offset) => bytes.readFloatBE(offset),
    write: (bytes, value, offset) => void bytes.writeFloatBE(value, offset),
    array: (...memory) => new Float32Array(...memory),
  },
  [DBR.ENUM]: {
    read: (bytes, offset) => bytes.readUInt16BE(offset),
    write: (bytes, value, offset) => void bytes.writeUInt16BE(value & 0xffff, offset),
    array: (...memory) => new Uint16Array(...memory),
  },
  [DBR.CHAR]: {
    read: (bytes, offset) => bytes.readUInt8(offset),
    write: (bytes, value, offset) => void bytes.writeUInt8(value & 0xff, offset),
    array: (...memory) => new Uint8Array(...memory),
  },
  [DBR.LONG]: {
    read: (bytes, offset) => bytes.readInt32BE(offset),
    write: (bytes, value, offset) => void bytes.writeInt32BE(value | 0, offset),
    array: (...memory) => new Int32Array(...memory),
  },
  [DBR.DOUBLE]: {
    read: (bytes, offset) => bytes.readDoubleBE(offset),
    write: (bytes, value, offset) => void bytes.writeDoubleBE(value, offset),
    array: (...memory) => new Float64Array(...memory),
  },
};

export const readNumber = (native: NumericType, bytes: Buffer, offset: number): number =>
  NUMERIC[native].read(bytes, offset);
export const writeNumber = (native: NumericType, bytes: Buffer, value: number, offset: number): void =>
  NUMERIC[native].write(bytes, value, offset);

const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Between the wire's byte order and the machine's, in place. */
function swapToOrFromWire(bytes: Buffer, elementBytes: number): void {
  if (!IS_LITTLE_ENDIAN) return;
  if (elementBytes === 8) bytes.swap64();
  else if (elementBytes === 4) bytes.swap32();
  else if (elementBytes === 2) bytes.swap16();
}

/** `count` elements from `offset` on, in memory of their own. @throws RangeError when the payload holds fewer */
export function decodeArray(
  native: NativeType,
  payload: Buffer,
  offset: number,
  count: number,
): NumericArray | string[] {
  const elementBytes = ELEMENT_BYTES[native];
  const length = elementBytes * count;
  if (offset + length > payload.length) {
    throw new RangeError(`a payload of ${payload.length} bytes does not hold ${count} elements of DBR type ${native}`);
  }
  if (native === DBR.STRING) {
    return Array.from({ length: count }, (_, index) =>
      decodeText(payload, offset + index * STRING_BYTES, STRING_BYTES),
    );
  }
  const memory = new ArrayBuffer(length);
  const bytes = Buffer.from(memory);
  payload.copy(bytes, 0, offset, offset + length);
  swapToOrFromWire(bytes, elementBytes);
  return NUMERIC[native].array(memory);
}

/** The one element at `offset`. @throws RangeError when the payload is too short */
export function decodeScalar(native: NativeType, payload: Buffer, offset: number): number | string {
  if (native !== DBR.STRING) return NUMERIC[native].read(payload, offset);
  if (offset > payload.length) throw new RangeError(`a payload of ${payload.length} bytes holds no string`);
  return decodeText(payload, offset, STRING_BYTES);
}

/**
 * Writes numbers into `target` from `offset` on, each as a C cast would. `target` must begin at a multiple of 8 in its
 * memory; the offsets of DBR structs are aligned by themselves.
 */
export function encodeNumbers(native: NumericType, values: ArrayLike<number>, target: Buffer, offset: number): void {
  if (values.length === 1) return NUMERIC[native].write(target, values[0] ?? 0, offset);
  const elementBytes = ELEMENT_BYTES[native];
  const start = target.byteOffset + offset;
  // Buffers that we allocate here never lie in shared memory, which is what the wider type would allow for.
  NUMERIC[native].array(target.buffer as ArrayBuffer, start, values.length).set(values);
  swapToOrFromWire(target.subarray(offset, offset + values.length * elementBytes), elementBytes);
}

/** Writes strings as fields of 40 bytes; what is longer than 39 bytes is cut, as an IOC does. */
export function encodeStrings(values: readonly string[], target: Buffer, offset: number): void {
  for (const [index, text] of values.entries()) {
    const start = offset + index * STRING_BYTES;
    writeText(text, target.subarray(start, start + STRING_BYTES));
  }
}

import { WholeFloat } from './raw-json.ts';

/** Opcodes of Python's pickle protocol 2, as far as plain values need them. */
const PROTOCOL_2 = Buffer.from([0x80, 2]);
const STOP = 0x2e;
const NONE = 0x4e;
const TRUE = 0x88;
const FALSE = 0x89;
const INT_1 = 0x4b;
const INT_2 = 0x4d;
const INT_4 = 0x4a;
const LONG_1 = 0x8a;
const FLOAT = 0x47;
const TEXT = 0x58;
const EMPTY_LIST = 0x5d;
const EMPTY_DICT = 0x7d;
const MARK = 0x28;
const APPENDS = 0x65;
const SET_ITEMS = 0x75;

const FLOAT_BYTES = 9;
/** LONG_1 tells its length in one byte. */
const LONGEST_INTEGER = 255;

/**
 * `value` as Python's `pickle.loads` reads it, behind the text `head`: None, bool, int, float, str, list and dict. It is
 * written only, never read: reading a pickle runs what it says.
 *
 * A whole number is an int unless it is a {@link WholeFloat}; typed arrays are lists of what their type holds; members
 * that are undefined are left out, as in JSON.
 * @throws TypeError naming what has no form in Python
 */
export function pickled(value: unknown, head = ''): Buffer {
  const writer = new Writer();
  writer.bytes(Buffer.from(head));
  writer.bytes(PROTOCOL_2);
  writer.value(value);
  writer.byte(STOP);
  return writer.written();
}

/** Not used again after `written()`: whoever sends the bytes may keep them. */
class Writer {
  #buffer = Buffer.allocUnsafe(1024);
  #at = 0;

  written(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  byte(byte: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = byte;
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (value === null || value === undefined) this.byte(NONE);
    else if (typeof value === 'boolean') this.byte(value ? TRUE : FALSE);
    else if (typeof value === 'bigint') this.#bigInteger(value);
    else if (value instanceof WholeFloat) this.#float(value.value);
    else if (Array.isArray(value)) this.#list(value, (one) => this.value(one));
    else if (isTypedArray(value)) this.#typedArray(value);
    else if (typeof value === 'object') this.#dict(value);
    else throw new TypeError(`A ${typeof value} has no form in Python`);
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0)) this.#float(value);
    else this.#integer(value);
  }

  #float(value: number): void {
    this.#room(FLOAT_BYTES);
    this.#buffer[this.#at] = FLOAT;
    this.#buffer.writeDoubleBE(value, this.#at + 1);
    this.#at += FLOAT_BYTES;
  }

  #integer(value: number): void {
    this.#room(5);
    if (value >= 0 && value < 0x100) {
      this.#buffer[this.#at] = INT_1;
      this.#at = this.#buffer.writeUInt8(value, this.#at + 1);
    } else if (value >= 0 && value < 0x1_0000) {
      this.#buffer[this.#at] = INT_2;
      this.#at = this.#buffer.writeUInt16LE(value, this.#at + 1);
    } else if (value >= -0x8000_0000 && value < 0x8000_0000) {
      this.#buffer[this.#at] = INT_4;
      this.#at = this.#buffer.writeInt32LE(value, this.#at + 1);
    } else this.#bigInteger(BigInt(value));
  }

  /** Two's complement, lowest byte first, in as many bytes as it needs. */
  #bigInteger(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    do {
      bytes.push(Number(BigInt.asUintN(8, rest)));
      rest >>= 8n;
    } while (rest !== BigInt.asIntN(8, BigInt(bytes.at(-1) as number)) >> 8n);
    if (bytes.length > LONGEST_INTEGER) throw new TypeError(`An integer of ${bytes.length} bytes is too large`);
    this.byte(LONG_1);
    this.byte(bytes.length);
    this.bytes(Uint8Array.from(bytes));
  }

  #text(text: string): void {
    // At most three bytes for each unit of UTF-16.
    this.#room(5 + text.length * 3);
    const length = this.#buffer.write(text, this.#at + 5);
    this.#buffer[this.#at] = TEXT;
    this.#buffer.writeUInt32LE(length, this.#at + 1);
    this.#at += 5 + length;
  }

  #list<T>(elements: Iterable<T> & { readonly length: number }, write: (element: T) => void): void {
    this.byte(EMPTY_LIST);
    if (elements.length === 0) return;
    this.byte(MARK);
    for (const element of elements) write(element);
    this.byte(APPENDS);
  }

  #typedArray(array: TypedArray): void {
    const holdsFloats = array instanceof Float64Array || array instanceof Float32Array;
    this.#room(array.length * FLOAT_BYTES);
    this.#list<number | bigint>(array, holdsFloats ? (one) => this.#float(Number(one)) : (one) => this.value(one));
  }

  #dict(record: object): void {
    this.byte(EMPTY_DICT);
    this.byte(MARK);
    for (const [key, value] of Object.entries(record)) {
      if (value === undefined) continue;
      this.#text(key);
      this.value(value);
    }
    this.byte(SET_ITEMS);
  }

  #room(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.written());
    this.#buffer = larger;
  }
}

type TypedArray = ArrayBufferView & Iterable<number | bigint> & { readonly length: number };

const isTypedArray = (value: object): value is TypedArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

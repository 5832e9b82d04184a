/**
 * MessagePack to JSON text, so that inside there is one form alone. A float stays a float (`1.0`) and an integer of 64 bits
 * stays whole, which a value of JavaScript in between would not keep apart. Bytes become text if they are UTF-8.
 * @see https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function jsonFromMsgpack(bytes: Uint8Array): string {
  const reader = new Reader(bytes);
  const text = reader.value(0);
  if (!reader.isAtEnd) throw new RangeError('unpack(b) received extra data.');
  return text;
}

const DEEPEST = 500;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Reader {
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): string {
    if (depth > DEEPEST) throw new RangeError('nested too deeply');
    const kind = this.#uint(1);
    if (kind < 0x80) return String(kind);
    if (kind < 0x90) return this.#map(kind & 0x0f, depth);
    if (kind < 0xa0) return this.#array(kind & 0x0f, depth);
    if (kind < 0xc0) return this.#string(kind & 0x1f);
    if (kind >= 0xe0) return String(kind - 0x100);
    return this.#named(kind, depth);
  }

  #named(kind: number, depth: number): string {
    switch (kind) {
      case 0xc0:
        return 'null';
      case 0xc2:
        return 'false';
      case 0xc3:
        return 'true';
      case 0xca:
        return floatText(this.#data.getFloat32(this.#skip(4)));
      case 0xcb:
        return floatText(this.#data.getFloat64(this.#skip(8)));
      case 0xcf:
        return String(this.#data.getBigUint64(this.#skip(8)));
      case 0xd3:
        return String(this.#data.getBigInt64(this.#skip(8)));
      case 0xd0:
        return String(this.#data.getInt8(this.#skip(1)));
      case 0xd1:
        return String(this.#data.getInt16(this.#skip(2)));
      case 0xd2:
        return String(this.#data.getInt32(this.#skip(4)));
      default:
        return this.#sized(kind, depth);
    }
  }

  /** Kinds that come in sizes of one, two and four bytes. */
  #sized(kind: number, depth: number): string {
    if (kind >= 0xcc && kind <= 0xce) return String(this.#uint(1 << (kind - 0xcc)));
    if (kind >= 0xc4 && kind <= 0xc6) return this.#string(this.#uint(1 << (kind - 0xc4)));
    if (kind >= 0xd9 && kind <= 0xdb) return this.#string(this.#uint(1 << (kind - 0xd9)));
    if (kind === 0xdc || kind === 0xdd) return this.#array(this.#uint(kind === 0xdc ? 2 : 4), depth);
    if (kind === 0xde || kind === 0xdf) return this.#map(this.#uint(kind === 0xde ? 2 : 4), depth);
    throw new RangeError(`kind 0x${kind.toString(16)} at byte ${this.#at - 1} is not supported`);
  }

  #array(length: number, depth: number): string {
    this.#mustHold(length);
    return `[${Array.from({ length }, () => this.value(depth + 1)).join(',')}]`;
  }

  #map(length: number, depth: number): string {
    this.#mustHold(length);
    const members = Array.from({ length }, () => {
      const key = this.value(depth + 1);
      if (!key.startsWith('"')) throw new RangeError(`a key must be a text, received ${key}`);
      return `${key}:${this.value(depth + 1)}`;
    });
    return `{${members.join(',')}}`;
  }

  #string(length: number): string {
    const at = this.#skip(length);
    return JSON.stringify(UTF8.decode(this.#bytes.subarray(at, at + length)));
  }

  #uint(size: number): number {
    const at = this.#skip(size);
    if (size === 1) return this.#data.getUint8(at);
    return size === 2 ? this.#data.getUint16(at) : this.#data.getUint32(at);
  }

  #skip(length: number): number {
    const at = this.#at;
    this.#mustHold(length);
    this.#at += length;
    return at;
  }

  /** A length that is a lie must not have memory made for it. */
  #mustHold(length: number): void {
    if (this.#at + length > this.#bytes.length) throw new RangeError('Unpack failed: incomplete input');
  }
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

import { parseView, WholeFloat } from '../raw-json.ts';

/**
 * JSON text to MessagePack, in the smallest form of each value, as Python's packer has it. `1.0` is a float, an integer
 * beyond 64 bits, which MessagePack has no form for, is one, too.
 */
export function msgpackFromJson(text: string): Buffer {
  const writer = new Writer();
  writer.value(parseView(text));
  return writer.bytes;
}

class Writer {
  #bytes = Buffer.allocUnsafe(1024);
  #at = 0;

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  value(value: unknown): void {
    if (value === null || value === undefined) return this.#byte(0xc0);
    if (typeof value === 'boolean') return this.#byte(value ? 0xc3 : 0xc2);
    if (typeof value === 'string') return this.#string(value);
    if (typeof value === 'bigint') return this.#bigint(value);
    if (typeof value === 'number') return Number.isInteger(value) ? this.#integer(value) : this.#float(value);
    if (value instanceof WholeFloat) return this.#float(value.value);
    if (Array.isArray(value)) return this.#array(value);
    this.#map(Object.entries(value));
  }

  #array(values: readonly unknown[]): void {
    this.#head(values.length, { fix: 0x90, below: 16, of16: 0xdc, of32: 0xdd });
    for (const value of values) this.value(value);
  }

  #map(entries: readonly [string, unknown][]): void {
    this.#head(entries.length, { fix: 0x80, below: 16, of16: 0xde, of32: 0xdf });
    for (const [key, value] of entries) {
      this.#string(key);
      this.value(value);
    }
  }

  #string(text: string): void {
    const length = Buffer.byteLength(text);
    this.#head(length, { fix: 0xa0, below: 32, of8: 0xd9, of16: 0xda, of32: 0xdb });
    const at = this.#room(length);
    this.#bytes.write(text, at);
  }

  #head(length: number, kind: { fix: number; below: number; of8?: number; of16: number; of32: number }): void {
    if (length < kind.below) return this.#byte(kind.fix | length);
    if (length < 0x100 && kind.of8 !== undefined) return this.#kinded(kind.of8, length, 1);
    if (length < 0x10000) return this.#kinded(kind.of16, length, 2);
    this.#kinded(kind.of32, length, 4);
  }

  #integer(value: number): void {
    if (value >= 0) {
      if (value < 0x80) return this.#byte(value);
      if (value < 0x100) return this.#kinded(0xcc, value, 1);
      if (value < 0x10000) return this.#kinded(0xcd, value, 2);
      if (value < 0x100000000) return this.#kinded(0xce, value, 4);
    } else {
      if (value >= -0x20) return this.#byte(value + 0x100);
      if (value >= -0x80) return this.#kinded(0xd0, value + 0x100, 1);
      if (value >= -0x8000) return this.#kinded(0xd1, value + 0x10000, 2);
      if (value >= -0x80000000) return this.#kinded(0xd2, value + 0x100000000, 4);
    }
    this.#bigint(BigInt(value));
  }

  #bigint(value: bigint): void {
    if (value > 0xffffffffffffffffn || value < -0x8000000000000000n) return this.#float(Number(value));
    this.#byte(value >= 0n ? 0xcf : 0xd3);
    const at = this.#room(8);
    this.#bytes.writeBigUInt64BE(BigInt.asUintN(64, value), at);
  }

  #float(value: number): void {
    this.#byte(0xcb);
    const at = this.#room(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  #kinded(kind: number, value: number, size: 1 | 2 | 4): void {
    this.#byte(kind);
    const at = this.#room(size);
    this.#bytes.writeUIntBE(value, at, size);
  }

  #byte(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  /** Where as many bytes may be written. */
  #room(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }
}

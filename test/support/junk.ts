/** What nobody should send, made from a seed: the same seed gives the same junk. */
export class Junk {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, `limit`. (Mulberry32, a public-domain generator.) */
  number(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(share: number): boolean {
    return this.number(1000) < share * 1000;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.number(choices.length)] as T;
  }

  bytes(longest: number): Buffer {
    return Buffer.from(Array.from({ length: this.number(longest) }, () => this.number(256)));
  }

  /** One JSON text, tokens that only Python knows and numbers that no double holds included. */
  json(depth = 3): string {
    if (depth === 0 || this.chance(0.5)) return this.one(SCALARS);
    const length = this.number(4);
    const parts = Array.from({ length }, () => this.json(depth - 1));
    if (this.chance(0.5)) return `[${parts.join(',')}]`;
    return `{${parts.map((part) => `${this.one(NAMES)}:${part}`).join(',')}}`;
  }

  /** A valid text with one of its bytes changed, doubled or lost, or its end cut off. */
  damaged(text: string): Buffer {
    const bytes = Buffer.from(text);
    const at = this.number(bytes.length);
    const middle = this.one([[], [bytes[at] as number, bytes[at] as number], [this.number(256)]]);
    const rest = this.chance(0.2) ? [] : bytes.subarray(at + 1);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), Buffer.from(rest)]);
  }
}

const SCALARS = (
  'null true false 0 -1 1.0 1e400 -0 9223372036854775808 1e-7 NaN -Infinity [] {} "" "x" "\\ud800" "\\u0000" "ü漢" ' +
  `"__proto__" "root" "count" "det1" "front" "plan" "${'x'.repeat(3000)}"`
).split(' ');
const NAMES = '"name" "args" "kwargs" "item_type" "item_uid" "meta" "__proto__" "constructor" "" "a"'.split(' ');

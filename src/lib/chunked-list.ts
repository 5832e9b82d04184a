/**
 * A long list that is changed in the middle and read as one JSON array. Entries stand in chunks of some hundreds; each
 * chunk keeps its own joined text until it changes. At 100,000 entries an insertion, a removal, an index and a look-up
 * walk some hundred chunks (about a microsecond), and the whole text after one change joins chunks, not entries.
 *
 * An entry is found by its identity: the same object must not be put in twice.
 */
interface Chunk<T> {
  readonly entries: T[];
  text: string | null;
}

const CHUNK = 256;

export class ChunkedList<T extends object> {
  readonly #textOf: (entry: T) => string;
  readonly #chunkOf = new Map<T, Chunk<T>>();
  #chunks: Chunk<T>[] = [];
  #text: string | null = '[]';

  /** `textOf` gives the JSON text of an entry; it must always give the same one. */
  constructor(textOf: (entry: T) => string, entries: readonly T[] = []) {
    this.#textOf = textOf;
    this.insert(0, entries);
  }

  get size(): number {
    return this.#chunkOf.size;
  }

  /** A negative index counts from the back. */
  at(index: number): T | undefined {
    const found = this.#find(index < 0 ? this.size + index : index);
    return found && found.chunk.entries[found.offset];
  }

  has(entry: T): boolean {
    return this.#chunkOf.has(entry);
  }

  /** -1 when it is not in the list. */
  indexOf(entry: T): number {
    const wanted = this.#chunkOf.get(entry);
    if (!wanted) return -1;
    let before = 0;
    for (const chunk of this.#chunks) {
      if (chunk === wanted) break;
      before += chunk.entries.length;
    }
    return before + wanted.entries.indexOf(entry);
  }

  /** Puts the entries in, in order, so that the first of them has this index. */
  insert(index: number, entries: readonly T[]): void {
    if (entries.length === 0) return;
    const place = this.#find(index);
    const last = this.#chunks.at(-1);
    if (place) this.#splice(place.chunk, place.offset, entries);
    else if (last) this.#splice(last, last.entries.length, entries);
    else this.#replace(0, 0, entries);
    this.#text = null;
  }

  /** False when it was not in the list. */
  remove(entry: T): boolean {
    const chunk = this.#chunkOf.get(entry);
    if (!chunk) return false;
    this.#chunkOf.delete(entry);
    chunk.entries.splice(chunk.entries.indexOf(entry), 1);
    chunk.text = null;
    this.#text = null;
    if (chunk.entries.length < CHUNK / 4) this.#joinWithNext(chunk);
    return true;
  }

  /** At most as many as there are. */
  removeFront(count: number): void {
    let left = Math.min(count, this.size);
    const whole = this.#chunks.findIndex((chunk) => (left -= chunk.entries.length) < 0);
    const gone = whole === -1 ? this.#chunks : this.#chunks.slice(0, whole);
    for (const chunk of gone) for (const entry of chunk.entries) this.#chunkOf.delete(entry);
    this.#chunks = whole === -1 ? [] : this.#chunks.slice(whole);
    const first = this.#chunks[0];
    for (const entry of first?.entries.slice(0, left + first.entries.length) ?? []) this.remove(entry);
    this.#text = null;
  }

  clear(): void {
    this.#chunkOf.clear();
    this.#chunks = [];
    this.#text = '[]';
  }

  /** The JSON array of all texts; the same string until something changes. */
  text(): string {
    if (this.#text !== null) return this.#text;
    const parts: string[] = [];
    for (const chunk of this.#chunks) parts.push((chunk.text ??= chunk.entries.map(this.#textOf).join(',')));
    return (this.#text = `[${parts.join(',')}]`);
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const chunk of this.#chunks) yield* chunk.entries;
  }

  #find(index: number): { chunk: Chunk<T>; offset: number } | undefined {
    if (!(index >= 0 && index < this.size)) return undefined;
    let offset = index;
    for (const chunk of this.#chunks) {
      if (offset < chunk.entries.length) return { chunk, offset };
      offset -= chunk.entries.length;
    }
    return undefined;
  }

  #splice(chunk: Chunk<T>, offset: number, entries: readonly T[]): void {
    if (chunk.entries.length + entries.length <= 2 * CHUNK) {
      chunk.entries.splice(offset, 0, ...entries);
      chunk.text = null;
      for (const entry of entries) this.#chunkOf.set(entry, chunk);
      return;
    }
    const all = [...chunk.entries.slice(0, offset), ...entries, ...chunk.entries.slice(offset)];
    this.#replace(this.#chunks.indexOf(chunk), 1, all);
  }

  /** Exchanges `count` chunks for fresh ones that hold these entries. */
  #replace(at: number, count: number, entries: readonly T[]): void {
    const fresh: Chunk<T>[] = [];
    for (let from = 0; from < entries.length; from += CHUNK) {
      const chunk = { entries: entries.slice(from, from + CHUNK), text: null };
      for (const entry of chunk.entries) this.#chunkOf.set(entry, chunk);
      fresh.push(chunk);
    }
    this.#chunks = [...this.#chunks.slice(0, at), ...fresh, ...this.#chunks.slice(at + count)];
  }

  /** Keeps the number of chunks in proportion: removals alone would leave many that hold almost nothing. */
  #joinWithNext(chunk: Chunk<T>): void {
    const at = this.#chunks.indexOf(chunk);
    const next = this.#chunks[at + 1];
    if (chunk.entries.length > 0 && (!next || next.entries.length > CHUNK)) return;
    this.#replace(at, next ? 2 : 1, [...chunk.entries, ...(next?.entries ?? [])]);
  }
}

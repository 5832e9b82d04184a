/**
 * Cuts a byte stream into lines of text. A line over the limit is an error, so that a peer which never ends its line
 * cannot fill memory. Bytes are joined once per line, and a character that spans two chunks stays whole.
 */
export class LineSplitter {
  readonly #limit: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** @throws RangeError when the line under way has grown beyond the limit */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(Buffer.concat(this.#pending).toString('utf8'));
      this.#pending = [];
      this.#pendingBytes = 0;
      from = at + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > this.#limit) throw new RangeError(`a line is longer than ${this.#limit} bytes`);
    this.#pending.push(bytes);
  }
}

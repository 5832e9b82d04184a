import type { Socket } from 'node:net';

/** Pieces up to this size are joined into one write; a larger array goes out as it is, without another copy. */
const JOINED_BYTES = 64 * 1024;

/** What one circuit has yet to say. All that is put in during one turn of the event loop leaves in one write. */
export class Outbox {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Bytes that the server has not taken yet, ours and the socket's. */
  get waitingBytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  put(pieces: readonly Buffer[]): void {
    if (this.#pieces.length === 0) setImmediate(() => this.flush());
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    }
  }

  flush(): void {
    const pieces = this.#pieces;
    if (pieces.length === 0) return;
    const bytes = this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    if (this.#socket.destroyed) return;
    if (bytes <= JOINED_BYTES) {
      this.#socket.write(Buffer.concat(pieces, bytes));
      return;
    }
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  }
}

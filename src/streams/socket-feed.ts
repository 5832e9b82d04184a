import type { Taker } from './broadcast.ts';

/** The four members of a WebSocket that a feed uses. */
export interface FeedSocket {
  readonly bufferedAmount: number;
  send(frame: Buffer, options: { binary: boolean }, sent?: (error?: Error) => void): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface FeedOptions {
  /** Frames that may wait for a slow client: the newest `limit` are kept. */
  readonly limit: number;
  /** Tells a client how many frames it has missed; absent where only the newest frame matters. */
  readonly gap?: (missed: number) => Buffer;
}

/** Beyond this the client does not read what the kernel has for it, and more would only fill our memory. */
const CONGESTED_BYTES = 256 * 1024;
/** A client that has taken nothing for this long is gone, or as good as. */
const STALLED_MS = 10_000;

const TEXT = { binary: false };
const GOING_AWAY = 1001;

/**
 * Carries frames to one WebSocket.
 *
 * While the socket takes what it is given, frames go straight through. Once `bufferedAmount` says that it does not, they
 * wait in a bounded queue until all that was sent has left; then the client is told what it missed, and gets the rest. One
 * that takes nothing for ten seconds is cut off: it costs memory and no longer sees anything.
 */
export class SocketFeed implements Taker<Buffer> {
  readonly #socket: FeedSocket;
  readonly #options: FeedOptions;
  readonly #waiting: Buffer[] = [];
  #missed = 0;
  #stalled: NodeJS.Timeout | undefined;
  #isOpen = true;

  constructor(socket: FeedSocket, options: FeedOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  offer(frame: Buffer): void {
    if (!this.#isOpen) return;
    if (this.#stalled === undefined) return this.#send(frame);
    if (this.#waiting.push(frame) > this.#options.limit) this.#missed += this.#waiting.splice(0, 1).length;
  }

  close(): void {
    this.#end(() => this.#socket.close(GOING_AWAY, 'The server is stopping'));
  }

  /** The socket is closed already: nothing more is sent. */
  ended(): void {
    this.#end(() => undefined);
  }

  #send(frame: Buffer): void {
    if (this.#socket.bufferedAmount < CONGESTED_BYTES) return this.#socket.send(frame, TEXT);
    this.#stalled = setTimeout(() => this.#end(() => this.#socket.terminate()), STALLED_MS);
    // The last frame before the pause: when it has left, all before it has.
    this.#socket.send(frame, TEXT, () => this.#drained());
  }

  #drained(): void {
    clearTimeout(this.#stalled);
    this.#stalled = undefined;
    if (!this.#isOpen) return;
    const waiting = this.#waiting.splice(0);
    if (this.#missed > 0 && this.#options.gap !== undefined) this.#send(this.#options.gap(this.#missed));
    this.#missed = 0;
    for (const frame of waiting) this.offer(frame);
  }

  #end(how: () => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#stalled);
    this.#waiting.length = 0;
    how();
  }
}

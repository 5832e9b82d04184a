import type { Socket } from 'node:net';

/** Above this many bytes that a client has not taken, events are kept back and its requests wait. */
const CONGESTED_BYTES = 1024 * 1024;

/** Pieces are joined up to this size, so that a burst of small messages is one write and an array is never copied. */
const JOINED_BYTES = 64 * 1024;

interface HeldBack {
  readonly due: number;
  readonly pieces: readonly Buffer[];
}

/**
 * What goes out to one client, in order. All that one turn of the event loop says leaves in one write. A fault can delay
 * everything, or hold it until further notice. `hasRoom` is called whenever a congested outbox has room again.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #hasRoom: () => void;
  readonly #delayed: HeldBack[] = [];
  #timer: NodeJS.Timeout | undefined;
  #queued: Buffer[] = [];
  #unsentBytes = 0;
  #isFlushing = false;
  #isHeld = false;
  #isEnding = false;
  #wasCongested = false;

  constructor(socket: Socket, hasRoom: () => void) {
    this.#socket = socket;
    this.#hasRoom = hasRoom;
  }

  get isCongested(): boolean {
    const isCongested = this.#unsentBytes > CONGESTED_BYTES;
    this.#wasCongested ||= isCongested;
    return isCongested;
  }

  send(pieces: readonly Buffer[], delayMs = 0): void {
    if (this.#isEnding) return;
    for (const piece of pieces) this.#unsentBytes += piece.length;
    // A message is never sent before an earlier one, although that one waits longer.
    if (delayMs > 0 || this.#delayed.length > 0) {
      this.#delayed.push({ due: performance.now() + delayMs, pieces });
      this.#armTimer();
      return;
    }
    this.#queue(pieces);
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#flushSoon();
  }

  /** Nothing more is said; what was said already still goes out. */
  end(): void {
    this.#isEnding = true;
    this.#flushSoon();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#delayed.length = 0;
    this.#queued = [];
  }

  #queue(pieces: readonly Buffer[]): void {
    this.#queued.push(...pieces);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushing || this.#isHeld) return;
    this.#isFlushing = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#isHeld) return;
    const pieces = joined(this.#queued);
    this.#queued = [];
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece, () => this.#sent(piece.length));
    this.#socket.uncork();
    if (this.#isEnding && this.#delayed.length === 0) this.#socket.end();
  }

  #sent(bytes: number): void {
    this.#unsentBytes -= bytes;
    if (!this.#wasCongested || this.isCongested) return;
    this.#wasCongested = false;
    this.#hasRoom();
  }

  #armTimer(): void {
    const [next] = this.#delayed;
    if (this.#timer !== undefined || next === undefined) return;
    this.#timer = setTimeout(() => this.#sendDue(), Math.max(1, next.due - performance.now()));
  }

  #sendDue(): void {
    this.#timer = undefined;
    for (let next = this.#delayed[0]; next !== undefined && next.due <= performance.now(); next = this.#delayed[0]) {
      this.#delayed.shift();
      this.#queue(next.pieces);
    }
    this.#armTimer();
  }
}

function joined(pieces: readonly Buffer[]): Buffer[] {
  if (pieces.length === 1) return [...pieces];
  const result: Buffer[] = [];
  let run: Buffer[] = [];
  let runBytes = 0;
  const endRun = (): void => {
    if (run.length > 0) result.push(Buffer.concat(run, runBytes));
    run = [];
    runBytes = 0;
  };
  for (const piece of pieces) {
    if (runBytes + piece.length > JOINED_BYTES) endRun();
    if (piece.length > JOINED_BYTES) {
      result.push(piece);
      continue;
    }
    run.push(piece);
    runBytes += piece.length;
  }
  endRun();
  return result;
}

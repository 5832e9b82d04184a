import type { Broadcast } from './broadcast.ts';

const HEARTBEAT_MS = 900;

interface Known {
  readonly status: Readonly<Record<string, unknown>>;
  readonly frame: Buffer;
  readonly at: number;
}

/**
 * The status for those who watch it: each change as it is published, and at least one frame a second whatever happens,
 * since clients take three seconds of silence for a broken link. While the manager is away the last status is repeated, and
 * its `msg` says so: nobody shall take it for the present one. Before any status is known there is nothing to say.
 */
export class StatusFeed {
  readonly #out: Broadcast<Buffer>;
  readonly #now: () => number;
  #known: Known | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Broadcast<Buffer>, now: () => number = Date.now) {
    this.#out = out;
    this.#now = now;
  }

  start(): void {
    this.#beatLater();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** `text` is the frame as it was published, `{time, msg: {status}}`. */
  published(text: string, status: Readonly<Record<string, unknown>>): void {
    this.#known = { status, frame: Buffer.from(text), at: this.#now() };
    this.#out.offer(this.#known.frame);
    this.#timer?.refresh();
  }

  /** What a new client is given at once. */
  get last(): Buffer | undefined {
    return this.#known?.frame;
  }

  #beatLater(): void {
    this.#timer = setTimeout(() => {
      if (this.#known !== undefined) this.#out.offer(this.#repeated(this.#known));
      this.#beatLater();
    }, HEARTBEAT_MS);
  }

  #repeated({ status, at }: Known): Buffer {
    const now = this.#now();
    const silence = Math.round((now - at) / 1000);
    // A manager that publishes once a second may be heard a moment late: that is no absence.
    const isLate = silence > 1;
    const repeated = isLate ? { ...status, msg: `RE Manager has not been heard for ${silence} s` } : status;
    return Buffer.from(JSON.stringify({ time: now / 1000, msg: { status: repeated } }));
  }
}

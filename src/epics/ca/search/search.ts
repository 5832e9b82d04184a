import * as messages from '../client-messages.ts';

/** The first searches for a name come after 0, 30, 90, 210 ms ...; the pause doubles up to the longest that is set. */
const FIRST_PAUSE_MS = 30;
/** Searches go out in bursts of at most this many names, this far apart: more would overrun the sockets of servers. */
const BURST_NAMES = 2000;
const BURST_PAUSE_MS = 15;
/** A search datagram with its VERSION fits into this, and so into every network's smallest frame. */
const DATAGRAM_BYTES = 1024;
const VERSION_BYTES = 16;
/** What `soon()` leaves of the back-off: the next searches come after 240 ms, 480 ms ... */
const TRIES_AFTER_SOON = 3;

export interface Sought {
  readonly cid: number;
  readonly name: string;
}

interface Entry {
  readonly message: Buffer;
  readonly maxPauseMs: number;
  tries: number;
  dueAt: number;
}

interface SearchParts {
  readonly maxPauseMs: number;
  /** Sends these messages, at most a datagram of them, to everyone who may know. */
  readonly send: (batch: readonly Buffer[]) => void;
}

/**
 * Asks for names until somebody answers, ever more rarely: a name that nobody serves costs 11 datagrams in its first
 * minute. What is due is asked together, in full datagrams. `soon()` is for news of a server: everything that is still
 * sought is asked for at once, whatever its back-off.
 */
export class Search {
  readonly #maxPauseMs: number;
  readonly #send: SearchParts['send'];
  readonly #entries = new Map<number, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Infinity;
  #lastBurstAt = -Infinity;

  constructor({ maxPauseMs, send }: SearchParts) {
    this.#maxPauseMs = maxPauseMs;
    this.#send = send;
  }

  get size(): number {
    return this.#entries.size;
  }

  add({ cid, name }: Sought, { delayMs = 0, maxPauseMs = this.#maxPauseMs } = {}): void {
    const dueAt = performance.now() + delayMs;
    this.#entries.set(cid, { message: messages.search(cid, name), maxPauseMs, tries: 0, dueAt });
    this.#fireAt(dueAt);
  }

  /** How often the name was asked for; `null` when it is not sought (any more). */
  remove(cid: number): number | null {
    const entry = this.#entries.get(cid);
    this.#entries.delete(cid);
    if (this.#entries.size === 0) this.#stop();
    return entry?.tries ?? null;
  }

  soon(): void {
    const now = performance.now();
    if (this.#entries.size === 0) return;
    for (const entry of this.#entries.values()) {
      entry.tries = Math.min(entry.tries, TRIES_AFTER_SOON);
      entry.dueAt = Math.min(entry.dueAt, now);
    }
    this.#fireAt(now);
  }

  close(): void {
    this.#entries.clear();
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#firesAt = Infinity;
  }

  #fireAt(wantedAt: number): void {
    const at = Math.max(wantedAt, this.#lastBurstAt + BURST_PAUSE_MS);
    if (at >= this.#firesAt) return;
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(() => this.#burst(), Math.max(0, at - performance.now()));
  }

  #burst(): void {
    const now = performance.now();
    this.#stop();
    this.#lastBurstAt = now;
    const due: [cid: number, entry: Entry][] = [];
    let nextAt = Infinity;
    for (const [cid, entry] of this.#entries) {
      // Timers have whole milliseconds: what is due within this one is due.
      if (entry.dueAt <= now + 1 && due.length < BURST_NAMES) {
        due.push([cid, entry]);
        entry.dueAt = now + pauseAfter(entry);
        entry.tries += 1;
      }
      nextAt = Math.min(nextAt, entry.dueAt);
    }
    this.#moveToTheBack(due);
    for (const batch of inDatagrams(due.map(([, { message }]) => message))) this.#send(batch);
    if (nextAt < Infinity) this.#fireAt(nextAt);
  }

  /** When more is due than a burst takes, those who have waited longest come first. */
  #moveToTheBack(asked: readonly [cid: number, entry: Entry][]): void {
    for (const [cid] of asked) this.#entries.delete(cid);
    for (const [cid, entry] of asked) this.#entries.set(cid, entry);
  }
}

/** With a tenth of jitter either way, so that clients which lost one server do not ask in step for ever. */
function pauseAfter({ tries, maxPauseMs }: Entry): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** tries, maxPauseMs) * (0.9 + 0.2 * Math.random());
}

function* inDatagrams(requests: readonly Buffer[]): Generator<Buffer[]> {
  let batch: Buffer[] = [];
  let bytes = VERSION_BYTES;
  for (const request of requests) {
    if (bytes + request.length > DATAGRAM_BYTES) {
      yield batch;
      batch = [];
      bytes = VERSION_BYTES;
    }
    batch.push(request);
    bytes += request.length;
  }
  if (batch.length > 0) yield batch;
}

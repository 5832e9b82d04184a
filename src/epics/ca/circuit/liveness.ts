interface LivenessParts {
  /** Silence until an echo is asked for, and from there until the server is given up. */
  readonly timeoutMs: number;
  readonly askForEcho: () => void;
  readonly becameUnresponsive: () => void;
  readonly becameResponsive: () => void;
  readonly gaveUp: (silentMs: number) => void;
}

/**
 * Whether a server still answers. After `timeoutMs` without a byte from it an echo is asked for. If nothing has come
 * a sixth of that time later (a second at least) the server counts as unresponsive: requests wait, nothing is lost,
 * and its next byte makes it responsive again. `timeoutMs` after the echo it is given up.
 *
 * One timer does it. A byte only notes the time; the timer finds out, when it fires, that it is not due yet.
 */
export class Liveness {
  readonly #parts: LivenessParts;
  #heardAt = performance.now();
  #echoAt: number | null = null;
  #isResponsive = true;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(parts: LivenessParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#heardAt = performance.now();
    this.#fireIn(this.#parts.timeoutMs);
  }

  heard(): void {
    this.#heardAt = performance.now();
    if (this.#echoAt === null) return;
    this.#echoAt = null;
    this.#fireIn(this.#parts.timeoutMs);
    if (this.#isResponsive) return;
    this.#isResponsive = true;
    this.#parts.becameResponsive();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  #fireIn(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => {
      // A process that was suspended or busy may have the server's bytes waiting: they are read before we judge.
      this.#immediate = setImmediate(() => this.#judge());
    }, ms);
  }

  #judge(): void {
    const now = performance.now();
    const { timeoutMs } = this.#parts;
    if (this.#echoAt === null) {
      const silentMs = now - this.#heardAt;
      if (silentMs < timeoutMs) return this.#fireIn(timeoutMs - silentMs);
      this.#echoAt = now;
      this.#parts.askForEcho();
      return this.#fireIn(this.#graceMs);
    }
    if (this.#isResponsive) {
      this.#isResponsive = false;
      this.#parts.becameUnresponsive();
      return this.#fireIn(Math.max(0, timeoutMs - this.#graceMs));
    }
    this.#parts.gaveUp(now - this.#heardAt);
  }

  get #graceMs(): number {
    return Math.max(1000, this.#parts.timeoutMs / 6);
  }
}

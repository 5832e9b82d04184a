/** At each change, and when nothing changed for this long: clients take three missed ones for the death of the manager. */
const HEARTBEAT_MS = 1000;

/** Publishes the status whenever it is told to, and once a second. */
export class StatusFeed {
  readonly #publish: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: () => void) {
    this.#publish = publish;
  }

  start(): void {
    this.#timer ??= setInterval(this.#publish, HEARTBEAT_MS);
  }

  /** Nothing is published before the start. */
  tell(): void {
    if (this.#timer === undefined) return;
    this.#timer.refresh();
    this.#publish();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

import type { ConsoleText } from '../../protocol/worker/reports.ts';

/** About as much as an operator scrolls back through. */
const MAX_MESSAGES = 2000;
const MAX_CHARACTERS = 1_000_000;

/** Console messages that nobody has taken yet: the last ones, and how many went before them. */
export class ConsoleTail {
  #waiting: ConsoleText[] = [];
  #characters = 0;
  #missed = 0;

  add(text: ConsoleText): void {
    this.#waiting.push(text);
    this.#characters += text.msg.length;
    while (this.#waiting.length > MAX_MESSAGES || (this.#characters > MAX_CHARACTERS && this.#waiting.length > 1)) {
      this.#characters -= this.#waiting.shift()?.msg.length ?? 0;
      this.#missed++;
    }
  }

  /** All of it; the first one says how many were lost before it. */
  take(): ConsoleText[] {
    const [first, ...rest] = this.#waiting;
    if (first === undefined) return [];
    const taken = [this.#missed > 0 ? { ...first, missed: this.#missed } : first, ...rest];
    this.#waiting = [];
    this.#characters = 0;
    this.#missed = 0;
    return taken;
  }
}

// oxlint-disable-next-line no-control-regex -- ESC is what terminals are told to move with
const CONTROL = /\n|\r|\u{1b}\[A/u;

/** A line that never ends shall not fill memory. */
const MOST_COLUMNS = 10_000;

/**
 * Console output as a terminal would show it: `\n` begins a line, `\r` goes back to its beginning, `ESC [ A` goes one line
 * up, so that progress bars overwrite themselves. The last `limit` lines are kept; an empty one at the end does not count.
 */
export class ConsoleText {
  readonly #limit: number;
  #lines = [''];
  #row = 0;
  #column = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  write(text: string): void {
    let rest = text;
    for (let found = CONTROL.exec(rest); found; found = CONTROL.exec(rest)) {
      this.#put(rest.slice(0, found.index));
      this.#obey(found[0]);
      rest = rest.slice(found.index + found[0].length);
    }
    this.#put(rest);
    const surplus = this.#lines.length - (this.#lines.at(-1) === '' ? this.#limit + 1 : this.#limit);
    if (surplus <= 0) return;
    this.#lines.splice(0, surplus);
    this.#row = Math.max(0, this.#row - surplus);
  }

  /** The last lines; all of them when no number is given. */
  lines(count = Infinity): string {
    const lines = this.#lines.at(-1) === '' ? this.#lines.slice(0, -1) : this.#lines;
    return lines.slice(Math.max(0, lines.length - Math.max(0, count))).join('\n');
  }

  #obey(control: string): void {
    if (control === '\r') this.#column = 0;
    else if (control === '\n') {
      this.#column = 0;
      if (++this.#row === this.#lines.length) this.#lines.push('');
    } else if (this.#row > 0) this.#row--;
  }

  #put(text: string): void {
    if (text === '') return;
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    const written = line.slice(0, this.#column) + text + line.slice(this.#column + text.length);
    this.#lines[this.#row] = written.slice(0, MOST_COLUMNS);
    this.#column = Math.min(this.#column + text.length, MOST_COLUMNS);
  }
}

/** What was typed is no command: the message names the command, the rule and the words. Nothing was sent. */
export class CommandRefused extends Error {
  override name = 'CommandRefused';
}

/** What people typed behind the words that name a command, read from left to right. */
export class Words {
  readonly #command: string;
  readonly #words: readonly string[];
  #at = 0;

  constructor(command: string, words: readonly string[]) {
    this.#command = command;
    this.#words = words;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The next word, still to be taken. */
  get ahead(): string | undefined {
    return this.#words[this.#at];
  }

  /** @throws CommandRefused when there is none left: `what` says what is missing */
  take(what: string): string {
    const word = this.#words[this.#at++];
    if (word !== undefined) return word;
    throw new CommandRefused(`Some parameters are missing in request '${this.whole}': ${what} is expected`);
  }

  /** The next word if it is one of these; nothing is taken otherwise. */
  takeOneOf<const C extends string>(choices: readonly C[]): C | undefined {
    const found = choices.find((choice) => choice === this.ahead);
    if (found !== undefined) this.#at++;
    return found;
  }

  /** Each of the words that are left must be one of these, in any order. */
  takeFlags<const C extends string>(choices: readonly C[]): ReadonlySet<C> {
    const given = new Set<C>();
    for (let flag = this.takeOneOf(choices); flag !== undefined; flag = this.takeOneOf(choices)) given.add(flag);
    return given;
  }

  /** @throws CommandRefused when words are left */
  end(): void {
    if (this.isAtEnd) return;
    throw new CommandRefused(`Unknown option '${this.ahead}' in the command '${this.whole}'`);
  }

  /** The whole command, as it was typed. */
  get whole(): string {
    return [this.#command, ...this.#words].join(' ');
  }
}

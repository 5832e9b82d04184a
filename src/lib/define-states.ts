/**
 * A state as one word that is changed in one place. The table says which words may follow which; a step names where it
 * comes from, so that a step from anywhere else is a bug that shows itself at once.
 */
export interface StatesTable<S extends string> {
  readonly next: Readonly<Record<S, readonly S[]>>;
  readonly fromAnywhere: readonly S[];
}

/** `defineStates({ idle: ['running'], running: ['idle'] })` */
export function defineStates<const T extends Readonly<Record<string, readonly (keyof T & string)[]>>>(
  next: T,
  options: { fromAnywhere?: readonly (keyof T & string)[] } = {},
): StatesTable<keyof T & string> {
  return { next, fromAnywhere: options.fromAnywhere ?? [] };
}

export interface StateChange<S extends string> {
  readonly from: S;
  readonly to: S;
  readonly why: string;
}

export class StateMachine<S extends string> {
  readonly #table: StatesTable<S>;
  readonly #changed: (change: StateChange<S>) => void;
  #state: S;

  constructor(table: StatesTable<S>, initial: S, changed: (change: StateChange<S>) => void = () => undefined) {
    this.#table = table;
    this.#state = initial;
    this.#changed = changed;
  }

  get state(): S {
    return this.#state;
  }

  is(...states: S[]): boolean {
    return states.includes(this.#state);
  }

  /** @throws Error when the present state is not `from`, or the table has no such step */
  change(step: { from?: S | readonly S[]; to: S; why: string }): void {
    const from = this.#state;
    const expected = step.from === undefined ? [from] : [step.from].flat();
    const isKnown = this.#table.next[from].includes(step.to) || this.#table.fromAnywhere.includes(step.to);
    if (!expected.includes(from) || !isKnown) {
      throw new Error(
        `State '${from}' cannot become '${step.to}' (${step.why}; expected from ${expected.join(' or ')})`,
      );
    }
    this.#state = step.to;
    this.#changed({ from, to: step.to, why: step.why });
  }
}

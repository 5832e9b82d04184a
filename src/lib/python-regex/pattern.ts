import { RE2JS, RE2JSSyntaxException } from 're2js';
import { InvalidPattern, translate, UntranslatablePattern } from './pattern-translation.ts';

/** Patterns come from files and from requests, so what is remembered of them is bounded. */
const MOST_PATTERNS = 1000;
const MOST_NAMES = 5000;

const compiled = new Map<string, Pattern | Error>();

/**
 * Compiles a pattern of Python's `re`, once for all.
 * @throws InvalidPattern, UntranslatablePattern
 */
export function pattern(text: string): Pattern {
  let found = compiled.get(text);
  if (found === undefined) {
    found = compile(text);
    if (compiled.size >= MOST_PATTERNS) compiled.clear();
    compiled.set(text, found);
  }
  if (found instanceof Error) throw found;
  return found;
}

/** A compiled pattern. It takes time in proportion to the name, whatever the pattern; it remembers its answers. */
export class Pattern {
  readonly #engine: RE2JS;
  readonly #answers = new Map<string, boolean>();

  constructor(engine: RE2JS) {
    this.#engine = engine;
  }

  /** As Python's `re.search`: the pattern may match anywhere in the name. */
  isIn(name: string): boolean {
    let answer = this.#answers.get(name);
    if (answer === undefined) {
      answer = this.#engine.test(name);
      if (this.#answers.size >= MOST_NAMES) this.#answers.clear();
      this.#answers.set(name, answer);
    }
    return answer;
  }
}

function compile(text: string): Pattern | Error {
  try {
    return new Pattern(RE2JS.compile(translate(text)));
  } catch (error) {
    if (error instanceof InvalidPattern || error instanceof UntranslatablePattern) return error;
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    // What Python allows and the translation left as it was: nested counts that multiply beyond the engine's bound.
    return new UntranslatablePattern(`a pattern that grows too large (${error.message})`, { cause: error });
  }
}

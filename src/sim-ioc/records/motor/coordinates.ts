import type { Field } from '../field.ts';

/** Sets a field of the record, and tells who listens. */
type Post = (name: string, value: number) => void;

/**
 * The two scales of a motor: *dial* is the axis' own, *user* is what people have given it by `OFF` and `DIR`. The soft
 * limits stand in both, and follow each other.
 */
export class Coordinates {
  readonly #field: (name: string) => Field;
  readonly #post: Post;

  constructor(field: (name: string) => Field, post: Post) {
    this.#field = field;
    this.#post = post;
  }

  get sign(): 1 | -1 {
    return this.#at('DIR') === 0 ? 1 : -1;
  }

  dialOf(user: number): number {
    return this.sign * (user - this.#at('OFF'));
  }

  userOf(dial: number): number {
    return this.sign * dial + this.#at('OFF');
  }

  /** Equal dial limits mean that there are none. */
  isBeyondLimits(user: number): boolean {
    if (this.#at('DHLM') === this.#at('DLLM')) return false;
    return user > this.#at('HLM') || user < this.#at('LLM');
  }

  /** `HLM` or `LLM` was written. */
  dialLimitsFollow(): void {
    const dials = [this.dialOf(this.#at('LLM')), this.dialOf(this.#at('HLM'))];
    this.#post('DLLM', Math.min(...dials));
    this.#post('DHLM', Math.max(...dials));
  }

  /** `DHLM` or `DLLM` was written, or the user's scale is another one now. */
  userLimitsFollow(): void {
    const users = [this.userOf(this.#at('DLLM')), this.userOf(this.#at('DHLM'))];
    this.#post('LLM', Math.min(...users));
    this.#post('HLM', Math.max(...users));
  }

  #at(name: string): number {
    return this.#field(name).number;
  }
}

import { PutRefused } from './conversion.ts';
import type { Field } from './field.ts';
import type { FieldValue } from './value.ts';

interface Put {
  readonly field: Field;
  readonly value: FieldValue;
  readonly done: (refusal: PutRefused | null) => void;
}

interface Processing {
  take(field: Field, value: FieldValue): void;
  isBusy(): boolean;
  isActive(): boolean;
}

/**
 * The put-callbacks to one record, one under way at a time, in the order in which they came. The first of the list is
 * under way once `#isUnderWay`; it is answered when the record is no longer busy, and the next one begins.
 */
export class PutQueue {
  readonly #record: Processing;
  readonly #puts: Put[] = [];
  #isUnderWay = false;
  #isAdvancing = false;

  constructor(record: Processing) {
    this.#record = record;
  }

  /** The returned function takes the put out again: nobody waits for it any more. What it has begun goes on. */
  add(put: Put): () => void {
    this.#puts.push(put);
    this.advance();
    return () => this.#remove(put);
  }

  /** To be called whenever the record has ended something. */
  advance(): void {
    // Taking a value may end at once, and comes here again: the loop below then sees it.
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    try {
      for (let put = this.#puts[0]; put !== undefined; put = this.#puts[0]) if (!this.#advanced(put)) return;
    } finally {
      this.#isAdvancing = false;
    }
  }

  /** Begins or answers the first put; false when it has to wait. */
  #advanced(put: Put): boolean {
    if (!this.#isUnderWay) {
      if (this.#record.isActive()) return false;
      this.#isUnderWay = true;
      const refusal = this.#refusalOf(put);
      if (refusal !== null) return this.#answer(put, refusal);
    }
    if (put.field.processes && this.#record.isBusy()) return false;
    return this.#answer(put, null);
  }

  #refusalOf(put: Put): PutRefused | null {
    try {
      this.#record.take(put.field, put.value);
      return null;
    } catch (failure) {
      if (failure instanceof PutRefused) return failure;
      throw failure;
    }
  }

  #answer(put: Put, refusal: PutRefused | null): true {
    this.#puts.shift();
    this.#isUnderWay = false;
    put.done(refusal);
    return true;
  }

  #remove(put: Put): void {
    const index = this.#puts.indexOf(put);
    if (index < 0) return;
    this.#puts.splice(index, 1);
    if (index === 0) this.#isUnderWay = false;
    this.advance();
  }
}

import type { Dtype } from '../protocols.ts';
import type { SignalFacts } from './backend.ts';

/** What a signal must turn out to be when it is connected; a device's code relies on it. */
export interface Expectation {
  dtype?: Dtype;
  /** The states of an enum, all of them in this order. */
  choices?: readonly string[];
  /** States that an enum must have among others. */
  choicesAmong?: readonly string[];
}

/** What is otherwise, as the rest of a sentence; null when all is as expected. */
export function unexpected({ dtype, choices }: SignalFacts, expects: Expectation): string | null {
  if (expects.dtype !== undefined && expects.dtype !== dtype) return `must be of dtype ${expects.dtype}, is ${dtype}`;
  const { choices: all, choicesAmong: some } = expects;
  if (all !== undefined && (choices?.length !== all.length || all.some((state, index) => choices[index] !== state))) {
    return `must have the states ${all.join(', ')}, has ${choices?.join(', ') ?? 'none'}`;
  }
  const missing = some?.filter((state) => choices?.includes(state) !== true) ?? [];
  return missing.length > 0 ? `must have the states ${missing.join(', ')}, has ${choices?.join(', ') ?? 'none'}` : null;
}

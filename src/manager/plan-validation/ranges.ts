import { WholeFloat } from '../../lib/raw-json.ts';
import { coded } from '../../protocol/error-codes.ts';
import { isDict, PyTuple, typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import type { Parameter } from './parameters.ts';
import { floatOfText } from './types/numbers.ts';

/**
 * The sentence about all arguments outside the limits of their parameters, whose numbers may lie in lists and
 * dictionaries; `null` where none is.
 * @throws CodedError REFUSED for a limit that is no number, the description being faulty
 */
export function outOfRangeText(parameters: readonly Parameter[], given: ReadonlyMap<string, PyValue>): string | null {
  const sentences: string[] = [];
  for (const { name, min, max } of parameters) {
    const value = given.get(name);
    if (value === undefined || (min === undefined && max === undefined)) continue;
    const low = min === undefined ? -Infinity : limit(min);
    const high = max === undefined ? Infinity : limit(max);
    const found = firstOutside(value, low, high);
    if (found === null) continue;
    const range = `[${min === undefined ? '-inf' : repr(low)}, ${max === undefined ? 'inf' : repr(high)}]`;
    sentences.push(
      `Parameter value is out of range: key='${name}', value='${str(value)}': ` +
        `Value ${repr(found)} is out of range ${range}`,
    );
  }
  return sentences.length === 0 ? null : sentences.join('\n');
}

/** Nearest first: all numbers of a list are looked at before those of the lists in it. */
function firstOutside(value: PyValue, low: number, high: number): PyValue | null {
  const waiting: PyValue[] = [value];
  for (const next of waiting) {
    const number = numberOf(next);
    if (number !== null) {
      if (number < low || number > high) return next;
    } else if (Array.isArray(next)) waiting.push(...next);
    else if (next instanceof PyTuple) waiting.push(...next.items);
    else if (isDict(next)) waiting.push(...Object.values(next));
  }
  return null;
}

function numberOf(value: PyValue): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return Number(value);
  return value instanceof WholeFloat ? value.value : null;
}

/** A limit is the text of a number; one that is whole is shown as an integer. */
function limit(text: unknown): number {
  const value = typeof text === 'string' ? floatOfText(text) : null;
  if (value !== null && Number.isFinite(value)) return value;
  // Limits come from descriptions, which are JSON.
  const shown = text as PyValue;
  throw coded('REFUSED', {
    msg: `Failed to interpret the value ${repr(shown)} as integer or float number: ${limitFault(shown, value)}`,
  });
}

function limitFault(text: PyValue, value: number | null): string {
  if (typeof text !== 'string') return `Value '${str(text)}' is not a string (type: <class '${typeName(text)}'>)`;
  if (value === null) return `could not convert string to float: ${repr(text)}`;
  return Number.isNaN(value) ? 'cannot convert float NaN to integer' : 'cannot convert float infinity to integer';
}

import { PyIterator, PyMap, PyMember, PySet, PyTuple, isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { str } from '../../lib/python-text/repr.ts';

/**
 * Whether a value was taken as what it is. Types read texts as numbers and 1.0 as 1; a plan wants what was meant, so such
 * a reading is refused, but an integer may stand for a float, 0 and 1 for false and true, and a name for its member.
 */
export function isTakenAsGiven(given: PyValue, taken: PyValue): boolean {
  const parts = typeof given === 'string' ? null : elementsOf(given);
  const takenParts = parts && elementsOf(taken);
  if (!parts || !takenParts) return isInstance(taken, typeName(given)) || isSameMember(given, taken);
  let areAll = true;
  for (const part of parts) {
    // As Python's zip: the shorter one ends it, and elements of an iterator are checked only now.
    const next = takenParts.next();
    if (next.done) break;
    if (!isTakenAsGiven(part, next.value)) areAll = false;
  }
  return areAll;
}

/** The sentence about all arguments that were not; `null` where all were. */
export function mistakenText(given: ReadonlyMap<string, PyValue>, taken: ReadonlyMap<string, PyValue>): string | null {
  const sentences: string[] = [];
  for (const [key, value] of taken) {
    const original = given.get(key);
    if (original === undefined || isTakenAsGiven(original, value)) continue;
    sentences.push(
      `Incorrect parameter type: key='${key}', value='${str(original)}' (<class '${typeName(original)}'>), ` +
        `interpreted as '${str(value)}' (<class '${typeName(value)}'>)`,
    );
  }
  return sentences.length === 0 ? null : sentences.join('\n');
}

/** Dictionaries are gone through by their keys, as in Python; their values are not compared. */
function elementsOf(value: PyValue): (Iterator<PyValue> & Iterable<PyValue>) | null {
  if (Array.isArray(value)) return value.values();
  if (value instanceof PyTuple || value instanceof PySet) return value.items.values();
  if (value instanceof PyMap) return value.entries.values().map(([key]) => key);
  if (value instanceof PyIterator) return iterated(value);
  if (typeof value === 'string') return value[Symbol.iterator]();
  return isDict(value) ? Object.keys(value).values() : null;
}

function* iterated(iterator: PyIterator): Generator<PyValue> {
  for (let next = iterator.next(); next; next = iterator.next()) yield next.value;
}

function isInstance(value: PyValue, type: string): boolean {
  const own = typeName(value);
  // Python's True is an int, and an int (so True, too) may stand for a float.
  if (own === 'bool' && type === 'int') return true;
  return own === type || (own === 'float' && (type === 'int' || type === 'bool'));
}

const isSameMember = (given: PyValue, taken: PyValue): boolean => taken instanceof PyMember && taken.value === given;

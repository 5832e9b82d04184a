import { arrayText, objectText, WholeFloat } from '../raw-json.ts';
import { literal, NotALiteral } from './literal.ts';
import { isDict, PyMap, PyTuple } from './py-value.ts';
import type { PyValue } from './py-value.ts';
import { floatText } from './repr.ts';

/**
 * The JSON text of a Python literal, its floats kept floats: `('a', 1.0, None)` is `["a",1.0,null]`. Undefined for what is
 * no literal, such as `<function f>`, or has no JSON form, such as a set.
 */
export function jsonOfPython(text: string): string | undefined {
  try {
    return jsonOf(literal(text));
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

/** The JSON text of a value, as Python's `json.dumps` has it but for the spaces. */
export function jsonOf(value: PyValue): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (value instanceof WholeFloat) return floatText(value.value);
  if (value instanceof PyTuple) return listText(value.items);
  if (Array.isArray(value)) return listText(value);
  if (value instanceof PyMap) return dictText(value.entries.map(([key, member]) => [keyText(key), member] as const));
  return isDict(value) ? dictText(Object.entries(value)) : undefined;
}

function listText(items: readonly PyValue[]): string | undefined {
  const texts = items.map(jsonOf);
  return texts.every(isText) ? arrayText(texts) : undefined;
}

function dictText(entries: readonly (readonly [string | undefined, PyValue])[]): string | undefined {
  const members = entries.map(([key, value]) => [key, jsonOf(value)] as const);
  return members.every(isMember) ? objectText(members) : undefined;
}

/** Keys of JSON are strings: a number becomes its text, `True` becomes `true`. */
function keyText(key: PyValue): string | undefined {
  if (typeof key === 'string') return key;
  return key !== null && typeof key === 'object' && !(key instanceof WholeFloat) ? undefined : jsonOf(key);
}

const isText = (text: string | undefined): text is string => text !== undefined;
const isMember = (member: readonly [string | undefined, string | undefined]): member is readonly [string, string] =>
  member.every(isText);

import { arrayText, objectText, WholeFloat } from '../raw-json.ts';
import { literal, NotALiteral } from './literal.ts';
import { isDict, PyTuple } from './py-value.ts';
import type { PyValue } from './py-value.ts';
import { floatText } from './repr.ts';

/**
 * The JSON text of a Python literal, its floats kept floats: `('a', 1.0, None)` is `["a",1.0,null]`. Undefined for what is
 * no literal, such as `<function f>`, or has no JSON form, such as a set.
 */
export function jsonOfPython(text: string): string | undefined {
  try {
    return jsonText(literal(text));
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

function jsonText(value: PyValue): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined;
  if (value instanceof WholeFloat) return floatText(value.value);
  if (value instanceof PyTuple) return listText(value.items);
  if (Array.isArray(value)) return listText(value);
  return isDict(value) ? dictText(value) : undefined;
}

function listText(items: readonly PyValue[]): string | undefined {
  const texts = items.map(jsonText);
  return texts.every(isText) ? arrayText(texts) : undefined;
}

function dictText(dict: Readonly<Record<string, PyValue>>): string | undefined {
  const members = Object.entries(dict).map(([key, value]) => [key, jsonText(value)] as const);
  return members.every(hasText) ? objectText(members) : undefined;
}

const isText = (text: string | undefined): text is string => text !== undefined;
const hasText = (member: readonly [string, string | undefined]): member is readonly [string, string] =>
  member[1] !== undefined;

import { PyObject } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr as pythonRepr } from '../../lib/python-text/repr.ts';
import { WholeFloat } from '../../lib/raw-json.ts';
import { isPlainData } from './plain-data.ts';

export { floatText as floatRepr } from '../../lib/python-text/repr.ts';

/**
 * A value as Python's `repr` would show it, for the `plan_args` of start documents, which people and programs read.
 * Devices show themselves by their `toString`. JavaScript does not tell 1.0 from 1: whole numbers show as integers.
 */
export const repr = (value: unknown): string => pythonRepr(asPython(value));

function asPython(value: unknown): PyValue {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
    case 'boolean':
    case 'bigint':
      return value;
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? new WholeFloat(value) : value;
    case 'function':
      return new PyObject(`<function ${value.name}>`);
    default:
      if (value === null) return null;
      if (Array.isArray(value)) return value.map(asPython);
      if (!isPlainData(value)) return new PyObject(ownText(value));
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asPython(entry)]));
  }
}

function ownText(value: unknown): string {
  const object = value as { name?: unknown; toString(): string };
  if (object.toString !== Object.prototype.toString) return object.toString();
  return `<${typeof object.name === 'string' ? object.name : 'object'}>`;
}

import { isPlainObject } from './plain-object.ts';

/**
 * A value as Python's `repr` would show it, for the `plan_args` of start documents, which people and programs read.
 * Devices show themselves by their `toString`. JavaScript does not tell 1.0 from 1: whole numbers show as integers.
 */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'function') return `<function ${value.name}>`;
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (isPlainObject(value)) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${repr(key)}: ${repr(entry)}`)
      .join(', ')}}`;
  }
  return ownText(value);
}

function ownText(value: unknown): string {
  const object = value as { name?: unknown; toString(): string };
  if (object.toString !== Object.prototype.toString) return object.toString();
  return `<${typeof object.name === 'string' ? object.name : 'object'}>`;
}

/** A number that is a float in Python, whole or not: `3.0`. */
export const floatRepr = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : numberText(value);

/** Python prefers single quotes, and takes double ones when that saves escaping. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`);
  return quote + (quote === "'" ? escaped.replaceAll("'", String.raw`\'`) : escaped) + quote;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

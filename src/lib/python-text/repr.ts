import { WholeFloat } from '../raw-json.ts';
import {
  PyBytes,
  PyComplex,
  PyEllipsis,
  PyIterator,
  PyMap,
  PyMember,
  PyObject,
  PySet,
  PyTuple,
  typeName,
} from './py-value.ts';
import type { PyValue } from './py-value.ts';

/** Python's `repr`: what messages of the original quote values with, and clients parse. */
export function repr(value: PyValue): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    case 'number':
      return typeName(value) === 'int' ? String(value) : floatText(value);
    default:
      return objectText(value);
  }
}

/** Python's `str`, which an f-string shows: a text is itself, an enumeration's member has no brackets. */
export function str(value: PyValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyMember) return `${value.enumName}.${value.value}`;
  return repr(value);
}

/** `['a', 1]` as Python shows the list of these. */
export const listText = (items: readonly PyValue[]): string => `[${items.map(repr).join(', ')}]`;

function objectText(value: Exclude<PyValue, null | string | boolean | bigint | number>): string {
  if (Array.isArray(value)) return listText(value);
  if (value instanceof WholeFloat) return floatText(value.value);
  if (value instanceof PyTuple) return tupleText(value.items);
  if (value instanceof PySet) return value.items.length === 0 ? 'set()' : `{${value.items.map(repr).join(', ')}}`;
  if (value instanceof PyBytes) return `b${quoted(value.text, true)}`;
  if (value instanceof PyComplex) return complexText(value);
  if (value instanceof PyEllipsis || value instanceof PyObject) return value.text;
  if (value instanceof PyMember) return `<${value.enumName}.${value.value}: ${quoted(value.value)}>`;
  if (value instanceof PyIterator) return `ValidatorIterator(index=${value.index}, schema=${value.elementText})`;
  const entries = value instanceof PyMap ? value.entries : Object.entries(value);
  return `{${entries.map(([key, entry]) => `${repr(key)}: ${repr(entry)}`).join(', ')}}`;
}

const tupleText = (items: readonly PyValue[]): string =>
  items.length === 1 ? `(${items.map(repr).join('')},)` : `(${items.map(repr).join(', ')})`;

/** The shortest digits that give the number back, with an exponent from 1e16 up and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const text = exponent < 0 ? value.toFixed(mantissa.replace(/[-.]/g, '').length - 1 - exponent) : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

function complexText({ real, imaginary }: PyComplex): string {
  const part = (value: number): string => floatText(value).replace(/\.0$/, '');
  if (Object.is(real, 0)) return `${part(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${part(real)}${sign}${part(imaginary)}j)`;
}

const NEEDS_ESCAPE = /[\\\p{C}\p{Z}]/gu;
const NAMED_ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', ' ': ' ' };

/** Single quotes, unless the text has one and no double quote. What cannot be printed is escaped. */
function quoted(text: string, isBytes = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(isBytes ? /[^!-[\]-~]/g : NEEDS_ESCAPE, (char) => NAMED_ESCAPES[char] ?? escape(char));
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

function escape(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

import { areTexts, arrayOf, elementsOf, type FieldType, type FieldValue } from './value.ts';

/** A write that the record does not accept; nothing has changed. Over Channel Access it is ECA_PUTFAIL. */
export class PutRefused extends Error {
  override readonly name = 'PutRefused';
}

/** What a conversion to and from text needs to know of a field. */
export interface TextRules {
  /** The states of an ENUM field. */
  readonly choices: readonly string[];
  /** Digits after the point. */
  readonly precision: number;
}

/** Texts of other fields than ENUM are cut at what a DBR_STRING holds. */
const STRING_BYTES = 39;

/**
 * A value of one type as another type has it, as the IOC's database converts on read and on write: numbers are cast,
 * texts parsed, numbers printed with the field's precision, and states named.
 * @throws PutRefused for a text that is no number, or no state of the field
 */
export function convert(value: FieldValue, from: FieldType, to: FieldType, rules: TextRules): FieldValue {
  if (from === to) return value;
  const elements = elementsOf(value);
  const converted =
    areTexts(elements) || from === 'STRING'
      ? textsTo(elements as readonly string[], to, rules)
      : numbersTo(elements, from, to, rules);
  // A scalar stays one.
  return typeof value === 'object' ? converted : (converted[0] ?? 0);
}

function numbersTo(numbers: ArrayLike<number>, from: FieldType, to: FieldType, rules: TextRules) {
  if (to !== 'STRING') return arrayOf(to, numbers);
  return Array.from(numbers, (number) => (from === 'ENUM' ? stateText(number, rules) : printed(number, from, rules)));
}

function textsTo(texts: readonly string[], to: FieldType, rules: TextRules) {
  if (to === 'STRING') return [...texts];
  return arrayOf(
    to,
    texts.map((text) => (to === 'ENUM' ? stateIndex(text, rules) : parsed(text))),
  );
}

/** A number that a client calls an ENUM is but a number to a field without states. */
const stateText = (index: number, { choices }: TextRules): string =>
  choices.length === 0 ? String(index) : (choices[index] ?? 'Illegal_Value');

function stateIndex(text: string, { choices }: TextRules): number {
  if (choices.length === 0) return parsed(text);
  const named = choices.indexOf(text);
  if (named >= 0) return named;
  const index = /^\s*\d+\s*$/.test(text) ? Number(text) : -1;
  if (index < 0 || index >= choices.length)
    throw new PutRefused(`'${text}' is none of the states ${choices.join(', ')}`);
  return index;
}

function printed(number: number, from: FieldType, { precision }: TextRules): string {
  if (from !== 'DOUBLE' && from !== 'FLOAT') return String(number);
  if (Number.isNaN(number)) return 'nan';
  if (!Number.isFinite(number)) return number > 0 ? 'inf' : '-inf';
  const digits = Math.min(Math.max(precision, 0), 17);
  return Math.abs(number) < 1e7 ? number.toFixed(digits) : cExponent(number.toExponential(digits));
}

/** C writes at least two digits of exponent. */
const cExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function parsed(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === '') return 0;
  const special = /^([+-]?)(nan|inf(?:inity)?)$/.exec(word);
  if (special) return special[2] === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  const number = /^[+-]?(0x[0-9a-f]+|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)$/.test(word) ? parsedSigned(word) : NaN;
  if (Number.isNaN(number)) throw new PutRefused(`'${text}' is not a number`);
  return number;
}

/** `Number('-0x10')` is NaN; the sign is ours. */
const parsedSigned = (word: string): number =>
  word.startsWith('-') ? -Number(word.slice(1)) : Number(word.startsWith('+') ? word.slice(1) : word);

/** The bytes of a text as a CHAR array has them: ended by a zero, which counts. */
export const bytesOfText = (text: string, capacity: number): Uint8Array => {
  const bytes = Buffer.from(`${text}\0`);
  return Uint8Array.from(
    bytes.length <= capacity ? bytes : Buffer.concat([bytes.subarray(0, capacity - 1), Buffer.of(0)]),
  );
};

export function textOfBytes(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return Buffer.from(zero < 0 ? bytes : bytes.subarray(0, zero)).toString('utf8');
}

/** Cut between two characters, as `writeText` of a fixed field would. */
export function cutText(text: string, bytes = STRING_BYTES): string {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  // A byte 10xxxxxx continues a character.
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.toString('utf8', 0, end);
}

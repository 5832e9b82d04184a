import { WholeFloat } from '../lib/raw-json.ts';

/** The kinds of document, event-model's names. */
export type DocumentName =
  | 'start'
  | 'descriptor'
  | 'event'
  | 'event_page'
  | 'resource'
  | 'datum'
  | 'datum_page'
  | 'stream_resource'
  | 'stream_datum'
  | 'stop';

// Random per process, so that no text from outside can hold one.
const WORD = `word-${crypto.randomUUID()}-`;
const WORDS = new RegExp(`"${WORD}([^"]+)"`, 'g');

/** One line of a run file without its line feed. `text` is the document as `documentText` writes it. */
export const documentLine = (name: DocumentName, text: string): string => `["${name}",${text}]`;

/**
 * A document as JSON. Non-finite numbers, big integers and whole floats, which JavaScript's JSON has no word for, are
 * written as Python writes them; typed arrays become lists.
 */
export function documentText(document: object): string {
  if (isPlain(document)) return JSON.stringify(document);
  return JSON.stringify(document, (_key, value: unknown) => spelled(value)).replace(WORDS, '$1');
}

/** Whether `JSON.stringify` alone writes it faithfully. Nearly all documents are, and the look costs less than a replacer. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'bigint') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  if (ArrayBuffer.isView(value) || value instanceof WholeFloat) return false;
  for (const key in value) if (!isPlain((value as Record<string, unknown>)[key])) return false;
  return true;
}

function spelled(value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return `${WORD}${value}`;
  if (value instanceof WholeFloat) return `${WORD}${floatText(value.value)}`;
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
    ? Array.from(value as unknown as Iterable<unknown>)
    : value;
}

/** `5.0`, `-0.0`, `1e+21`: what Python reads as a float. */
function floatText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

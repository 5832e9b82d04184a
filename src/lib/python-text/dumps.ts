import { elements, members } from '../raw-json.ts';
import { floatText } from './repr.ts';

const PLAIN = /^"[ !#-[\]-~]*"$/;
const WHOLE = /^-?\d+$/;

/**
 * JSON text as Python's `json.dumps(json.loads(text))` writes it: a space behind each comma and colon, ASCII alone, floats
 * in Python's digits. Every value is the same; programs in Python that look for the text find it.
 */
export function pythonJson(text: string): string {
  const value = text.trim();
  switch (value[0]) {
    case '{': {
      const parts: string[] = [];
      for (const [key, slice] of members(value)) parts.push(`${quoted(key)}: ${pythonJson(slice)}`);
      return `{${parts.join(', ')}}`;
    }
    case '[':
      return `[${elements(value).map(pythonJson).join(', ')}]`;
    case '"':
      return PLAIN.test(value) ? value : quoted(JSON.parse(value) as string);
    default:
      return scalar(value);
  }
}

function scalar(text: string): string {
  if (WHOLE.test(text)) return text === '-0' ? '0' : text;
  if (!/^-?\d/.test(text)) return text; // true, false, null, NaN and the infinities are Python's own words
  const value = Number(text);
  if (Number.isFinite(value)) return floatText(value);
  return value > 0 ? 'Infinity' : '-Infinity'; // 1e999, as Python reads it
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

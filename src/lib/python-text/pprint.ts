import { isDict, PyTuple } from './py-value.ts';
import type { PyValue } from './py-value.ts';
import { repr } from './repr.ts';

/** Where a value is put: the column it starts at, what must fit behind it on its last line, and how deep it lies. */
interface Place {
  readonly width: number;
  readonly indent: number;
  readonly behind: number;
  readonly level: number;
}

/**
 * Python's `pprint.pformat` with the order of keys kept: one line if it fits the width, else one entry a line. Messages
 * about plans end with the plan in this form.
 */
export const pformat = (value: PyValue, width = 80): string => format(value, { width, indent: 0, behind: 0, level: 1 });

function format(value: PyValue, place: Place): string {
  const oneLine = repr(value);
  if (columns(oneLine) <= place.width - place.indent - place.behind) return oneLine;
  if (typeof value === 'string') return stringLines(value, place);
  if (Array.isArray(value)) return `[${entryLines(value, place, 1)}]`;
  if (value instanceof PyTuple) {
    const end = value.items.length === 1 ? ',)' : ')';
    return `(${entryLines(value.items, place, end.length)}${end}`;
  }
  return isDict(value) ? `{${memberLines(Object.entries(value), place)}}` : oneLine;
}

/** A text of many characters may lie outside the basic plane: Python counts code points. */
const columns = (text: string): number => (/[\ud800-\udbff]/.test(text) ? Array.from(text).length : text.length);

function entryLines(items: readonly PyValue[], { width, indent, behind, level }: Place, end: number): string {
  const last = items.length - 1;
  return items
    .map((item, n) =>
      format(item, { width, indent: indent + 1, behind: n === last ? behind + end : 1, level: level + 1 }),
    )
    .join(nextLine(indent + 1));
}

function memberLines(
  members: readonly (readonly [string, PyValue])[],
  { width, indent, behind, level }: Place,
): string {
  const last = members.length - 1;
  return members
    .map(([name, value], n) => {
      const key = `${repr(name)}: `;
      const column = indent + 1 + columns(key);
      return key + format(value, { width, indent: column, behind: n === last ? behind + 1 : 1, level: level + 1 });
    })
    .join(nextLine(indent + 1));
}

const nextLine = (indent: number): string => `,\n${' '.repeat(indent)}`;

/** A long text becomes several literals, one below the other: broken at its line ends, then between words. */
function stringLines(text: string, place: Place): string {
  const bracket = place.level === 1 ? 1 : 0;
  const indent = place.indent + bracket;
  const width = place.width - indent;
  const lines = text.match(LINE) ?? [];
  const literals = lines.flatMap((line, n) => {
    const lastWidth = n === lines.length - 1 ? width - place.behind - bracket : width;
    return columns(repr(line)) <= lastWidth ? [repr(line)] : wordLines(line, width, lastWidth);
  });
  if (literals.length === 1) return literals.join('');
  const joined = literals.join(`\n${' '.repeat(indent)}`);
  return bracket ? `(${joined})` : joined;
}

// Python's ideas of line ends and of white space, which are not JavaScript's.
const LINE_ENDS = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
const WHITE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** A line with its end, as `splitlines(True)` cuts them. */
const LINE = new RegExp(`[^${LINE_ENDS}]*(?:\\r\\n|[${LINE_ENDS}])|[^${LINE_ENDS}]+$`, 'g');
/** A word with the white space behind it. */
const WORD = new RegExp(`[^${WHITE}]*[${WHITE}]*`, 'g');

function wordLines(line: string, width: number, lastWidth: number): string[] {
  const words = (line.match(WORD) ?? []).filter((word) => word !== '');
  const literals: string[] = [];
  let current = '';
  words.forEach((word, n) => {
    const room = n === words.length - 1 ? lastWidth : width;
    if (columns(repr(current + word)) <= room) {
      current += word;
      return;
    }
    if (current !== '') literals.push(repr(current));
    current = word;
  });
  if (current !== '') literals.push(repr(current));
  return literals;
}

/**
 * Where a text stops being JSON, in the words of Python's `json`. It is asked for texts that are none; one that it finds
 * no fault with is told without its place.
 */
export function jsonFault(text: string): string {
  try {
    const end = value(text, white(text, 0), 0);
    const rest = white(text, end);
    if (rest !== text.length) throw new Fault('Extra data', rest);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `${error.message}: ${place(text, error.at)}`;
  }
  return 'Expecting value: line 1 column 1 (char 0)';
}

class Fault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const DEEPEST = 900;
const WHITE = /[ \t\n\r]*/y;
const SCALAR = /null|true|false|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

function value(text: string, at: number, depth: number): number {
  if (depth > DEEPEST) throw new Fault('maximum recursion depth exceeded', at);
  if (text[at] === '"') return string(text, at);
  if (text[at] === '{') return object(text, at, depth);
  if (text[at] === '[') return array(text, at, depth);
  SCALAR.lastIndex = at;
  if (!SCALAR.test(text)) throw new Fault('Expecting value', at);
  return SCALAR.lastIndex;
}

function object(text: string, open: number, depth: number): number {
  let at = white(text, open + 1);
  if (text[at] === '}') return at + 1;
  for (;;) {
    if (text[at] !== '"') throw new Fault('Expecting property name enclosed in double quotes', at);
    at = white(text, string(text, at));
    if (text[at] !== ':') throw new Fault("Expecting ':' delimiter", at);
    at = white(text, value(text, white(text, at + 1), depth + 1));
    if (text[at] === '}') return at + 1;
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at);
    at = white(text, at + 1);
  }
}

function array(text: string, open: number, depth: number): number {
  let at = white(text, open + 1);
  if (text[at] === ']') return at + 1;
  for (;;) {
    at = white(text, value(text, at, depth + 1));
    if (text[at] === ']') return at + 1;
    if (text[at] !== ',') throw new Fault("Expecting ',' delimiter", at);
    at = white(text, at + 1);
  }
}

function string(text: string, open: number): number {
  for (let at = open + 1; ; at++) {
    const char = text[at];
    if (char === undefined) throw new Fault('Unterminated string starting at', open);
    if (char === '"') return at + 1;
    if (char < ' ') throw new Fault('Invalid control character at', at);
    if (char === '\\') at = escape(text, open, at);
  }
}

function escape(text: string, open: number, at: number): number {
  const next = text[at + 1];
  if (next === undefined) throw new Fault('Unterminated string starting at', open);
  if (next === 'u') {
    if (!/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) throw new Fault('Invalid \\uXXXX escape', at + 1);
    return at + 5;
  }
  if (!'"\\/bfnrt'.includes(next)) throw new Fault('Invalid \\escape', at);
  return at + 1;
}

function white(text: string, at: number): number {
  WHITE.lastIndex = at;
  WHITE.test(text);
  return WHITE.lastIndex;
}

/** Characters are counted as Python counts them: one beyond the basic plane is one. */
function place(text: string, at: number): string {
  const before = text.slice(0, at);
  const lines = before.split('\n');
  const count = (part: string): number => Array.from(part).length;
  return `line ${lines.length} column ${count(lines.at(-1) ?? '') + 1} (char ${count(before)})`;
}

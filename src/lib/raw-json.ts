/**
 * JSON that passes through unchanged. `JSON.parse` and `JSON.stringify` change a plan: `1.0` becomes `1`, 2^63 is
 * rounded, keys that look like integers move first, and Python's bare `NaN` is refused. So what clients send is kept as
 * the text they sent, cut into members; a parsed view of a slice exists for judging only and is never written back.
 */

const WHITE = /[ \t\n\r]*/y;
const SCALAR = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d[\d.eE+-]*|true|false|null/sy;
const NUMBER_WORDS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/gs;
const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

/** The members of one JSON object, in order: `{"a":1.0}` gives `a` → `1.0`. Of equal keys the last one counts, as in Python. */
export function members(text: string): Map<string, string> {
  const found = new Map<string, string>();
  const end = walk(text, '{', '}', (at) => {
    const key = scalarEnd(text, at);
    if (text[at] !== '"') throw unexpected(text, at, 'a key in double quotes');
    const colon = skipWhite(text, key);
    if (text[colon] !== ':') throw unexpected(text, colon, "':'");
    const from = skipWhite(text, colon + 1);
    const to = valueEnd(text, from);
    found.set(JSON.parse(text.slice(at, key)) as string, text.slice(from, to));
    return to;
  });
  atEnd(text, end);
  return found;
}

/** The elements of one JSON array, in order. */
export function elements(text: string): string[] {
  const found: string[] = [];
  const end = walk(text, '[', ']', (at) => {
    const to = valueEnd(text, at);
    found.push(text.slice(at, to));
    return to;
  });
  atEnd(text, end);
  return found;
}

/** `['a', '1.0'], ['b', '[]']` gives `{"a":1.0,"b":[]}`. The slices are joined as they are. */
export function objectText(entries: Iterable<readonly [string, string]>): string {
  const parts: string[] = [];
  for (const [key, text] of entries) parts.push(`${JSON.stringify(key)}:${text}`);
  return `{${parts.join(',')}}`;
}

export const arrayText = (texts: readonly string[]): string => `[${texts.join(',')}]`;

/** A float whose value is whole, as `1.0`: Python tells it from the integer 1, and so must a plan's validation. */
export class WholeFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
}

/**
 * What a slice says, for judging: integers beyond 2^53 are bigint, `1.0` is a {@link WholeFloat}, `NaN` and the
 * infinities are numbers. Keys that look like integers lose their place.
 * @throws SyntaxError when the text is not JSON with Python's three extra words
 */
export function parseView(text: string): unknown {
  return parse(text, (_key, value, context) => {
    if (typeof value !== 'number' || context.source === undefined) return value;
    if (/[.eE]/.test(context.source)) return Number.isInteger(value) ? new WholeFloat(value) : value;
    return Number.isSafeInteger(value) ? value : BigInt(context.source);
  });
}

/** As `JSON.parse`, but it reads `NaN` and `Infinity` as Python writes them. */
export function parsePlain(text: string): unknown {
  return NUMBER_WORDS.test(stringsRemoved(text)) ? parse(text, (_key, value) => value) : JSON.parse(text);
}

/** For HTTP, which has no word for them: each `NaN` and `Infinity` outside strings becomes `null`. */
export function withoutNumberWords(text: string): string {
  if (!text.includes('NaN') && !text.includes('Infinity')) return text;
  return text.replace(NUMBER_WORDS, (found) => (found[0] === '"' ? found : 'null'));
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

// The sentinels are random per process, so that no text from outside can name one.
const SENTINEL = `number-${crypto.randomUUID()}-`;
const WORDS: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

function parse(text: string, revive: Reviver): unknown {
  const hasWords = text.includes('NaN') || text.includes('Infinity');
  const marked = hasWords ? text.replace(NUMBER_WORDS, (f) => (f[0] === '"' ? f : `"${SENTINEL}${f}"`)) : text;
  return JSON.parse(marked, (key, value: unknown, context?: { source?: string }) =>
    hasWords && typeof value === 'string' && value.startsWith(SENTINEL)
      ? WORDS[value.slice(SENTINEL.length)]
      : revive(key, value, context ?? {}),
  );
}

function stringsRemoved(text: string): string {
  NUMBER_WORDS.lastIndex = 0;
  return text.includes('NaN') || text.includes('Infinity') ? text.replace(/"(?:[^"\\]|\\.)*"/gs, '') : '';
}

function walk(text: string, open: string, close: string, entry: (at: number) => number): number {
  let at = skipWhite(text, 0);
  if (text[at] !== open) throw unexpected(text, at, `'${open}'`);
  at = skipWhite(text, at + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    at = skipWhite(text, entry(at));
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') throw unexpected(text, at, `',' or '${close}'`);
    at = skipWhite(text, at + 1);
  }
}

/** Finds where a value ends. It does not judge what is inside: whoever keeps a slice parses it once first. */
function valueEnd(text: string, at: number): number {
  if (text[at] !== '{' && text[at] !== '[') return scalarEnd(text, at);
  let depth = 0;
  STRING_OR_BRACKET.lastIndex = at;
  for (let found = STRING_OR_BRACKET.exec(text); found; found = STRING_OR_BRACKET.exec(text)) {
    const first = found[0][0];
    if (first === '{' || first === '[') depth++;
    else if (first !== '"' && --depth === 0) return STRING_OR_BRACKET.lastIndex;
  }
  throw unexpected(text, text.length, 'a closing bracket');
}

function scalarEnd(text: string, at: number): number {
  SCALAR.lastIndex = at;
  if (!SCALAR.test(text)) throw unexpected(text, at, 'a value');
  return SCALAR.lastIndex;
}

function skipWhite(text: string, at: number): number {
  WHITE.lastIndex = at;
  WHITE.test(text);
  return WHITE.lastIndex;
}

function atEnd(text: string, at: number): void {
  const rest = skipWhite(text, at);
  if (rest !== text.length) throw unexpected(text, rest, 'the end');
}

function unexpected(text: string, at: number, expected: string): SyntaxError {
  const found = at < text.length ? `'${text.slice(at, at + 12)}'` : 'the end of the text';
  return new SyntaxError(`JSON: expected ${expected} at character ${at}, found ${found}`);
}

/** One word of a Python expression. `value` is what a string literal says. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'bytes' | 'f-string' | 'operator' | 'end';
  readonly text: string;
  readonly value?: string;
}

const BLANK = /(?:[ \t\f\r\n]|\\\n|#[^\n]*)*/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y;
const STRING =
  /([rRbBuUfF]{0,2})('''(?:[^\\]|\\.)*?'''|"""(?:[^\\]|\\.)*?"""|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/sy;
const OPERATOR = /\.\.\.|[[\](){},.:|+-]/y;

/** The word at a place and where it ends; `null` for what no expression of ours has. */
export function token(text: string, from: number): { token: Token; end: number } | null {
  const at = endOf(BLANK, text, from) ?? from;
  if (at >= text.length) return { token: { kind: 'end', text: '' }, end: at };
  const end = endOf(STRING, text, at);
  if (end !== null) return { token: stringToken(text.slice(at, end)), end };
  for (const [kind, pattern] of KINDS) {
    const found = endOf(pattern, text, at);
    if (found !== null && found > at) return { token: { kind, text: text.slice(at, found) }, end: found };
  }
  return null;
}

const KINDS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', NUMBER],
  ['name', NAME],
  ['operator', OPERATOR],
];

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function stringToken(text: string): Token {
  const prefix = (/^[a-z]*/i.exec(text)?.[0] ?? '').toLowerCase();
  const quotes = text.startsWith("'''", prefix.length) || text.startsWith('"""', prefix.length) ? 3 : 1;
  const inside = text.slice(prefix.length + quotes, -quotes);
  const value = prefix.includes('r') ? inside : inside.replace(ESCAPE, unescaped);
  if (prefix.includes('f')) return { kind: 'f-string', text, value };
  return { kind: prefix.includes('b') ? 'bytes' : 'string', text, value };
}

const ESCAPE = /\\(?:\n|x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[0-7]{1,3}|.)/gis;
const SIMPLE: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(escape: string): string {
  const [, first = ''] = escape;
  const simple = SIMPLE[first];
  if (simple !== undefined) return simple;
  if ('xuU'.includes(first) && escape.length > 2) return String.fromCodePoint(Number.parseInt(escape.slice(2), 16));
  if (/[0-7]/.test(first)) return String.fromCodePoint(Number.parseInt(escape.slice(1), 8));
  return escape;
}

const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|None|True|False|\(\)|[()]|[^'"()NTF,]+|,/gs;
const WORDS: Readonly<Record<string, string>> = { None: 'null', True: 'true', False: 'false', '(': '[', ')': ']' };

/**
 * The JSON text of a Python literal as `repr` writes it, its numbers untouched: `('a', 1.0, None)` is `["a",1.0,null]`.
 * Undefined for what is no literal, such as `<function f>`, or has no JSON form.
 */
export function jsonOfPython(text: string): string | undefined {
  const tokens = text.match(TOKEN) ?? [];
  if (tokens.join('') !== text) return undefined;
  const json = tokens.map(jsonToken).join('');
  try {
    JSON.parse(json);
    return json;
  } catch {
    // Not every expression is a literal: whoever asks goes on without.
    return undefined;
  }
}

function jsonToken(token: string, at: number, all: readonly string[]): string {
  if (token === '()') return '[]';
  if (token === ',' && /^\s*[\])}]/.test(all[at + 1] ?? '')) return '';
  if (token.startsWith("'") || token.startsWith('"')) return jsonString(token.slice(1, -1));
  return WORDS[token] ?? token;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function jsonString(inside: string): string {
  const text = inside.replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\(.)/gs, (_, x?: string, u?: string, one = '') =>
    x === undefined && u === undefined
      ? (ESCAPES[one as string] ?? String(one))
      : String.fromCharCode(parseInt(x ?? u ?? '', 16)),
  );
  return JSON.stringify(text);
}

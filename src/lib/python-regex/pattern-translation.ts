/**
 * Permission files hold patterns in the syntax of Python's `re`, which the linear-time engine (RE2's syntax) takes for
 * the greater part. This reads a pattern by Python's rules and writes the same for RE2:
 *
 * | Python | here |
 * | --- | --- |
 * | `\Z`, `{,n}`, `\uXXXX`, `\w`, `\d`, `(?P<n>…)`, `(?#…)` | written in RE2's way; `\w` and `\d` know all alphabets |
 * | `{`, `]` and brackets in classes, where Python takes them literally | escaped |
 * | lookahead, lookbehind, backreference, conditional, atomic, possessive, verbose | refused by name |
 * | what Python refuses: `a**`, `(?P<1>a)`, `[z-a]`, `\q` … | refused, though RE2 knows some of it |
 *
 * Two differences remain: `$` does not match before a final newline; `\b`, `\B`, and `\W` in a class, know ASCII only.
 */
export function translate(pattern: string): string {
  if (pattern.length > LONGEST) throw new UntranslatablePattern(`more than ${LONGEST} characters`);
  return new Translation(pattern).whole();
}

const LONGEST = 2000;
/** RE2's bound: a count multiplies the size of the program. */
const HIGHEST_COUNT = 1000;

/** Not a regular expression for Python either. */
export class InvalidPattern extends Error {}

/** Python would take it, the linear-time engine cannot. The message names what: `a lookahead`. */
export class UntranslatablePattern extends Error {}

/** What a group that opens with these characters is, and why it cannot be had in linear time. */
const REFUSED_GROUPS: readonly (readonly [string, string])[] = [
  ['?=', 'a lookahead'],
  ['?!', 'a lookahead'],
  ['?<=', 'a lookbehind'],
  ['?<!', 'a lookbehind'],
  ['?P=', 'a backreference'],
  ['?>', 'an atomic group'],
  ['?(', 'a conditional'],
];
const CLASS_ESCAPES: Record<string, string> = {
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  w: String.raw`\p{L}\p{N}_`,
  W: String.raw`\W`,
  s: String.raw`\s`,
  S: String.raw`\S`,
};
const CONTROL_ESCAPES: Record<string, string> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const HEX_ESCAPES: Record<string, RegExp> = {
  x: /^[0-9a-f]{2}/i,
  u: /^[0-9a-f]{4}/i,
  U: /^000[0-9a-f]{5}|^0010[0-9a-f]{4}/i,
};

/** What was read last, for the quantifier behind it: nothing to repeat, an anchor or a quantifier, which cannot be. */
type Last = 'nothing' | 'item' | 'repeated';

class Translation {
  readonly #text: string;
  readonly #groupNames = new Set<string>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): string {
    const flags = this.#leadingFlags();
    const body = this.#alternatives();
    if (this.#at < this.#text.length) throw new InvalidPattern('unbalanced parenthesis');
    return flags + body;
  }

  #leadingFlags(): string {
    let flags = '';
    for (let found = this.#take(/^\(\?([a-zA-Z]+)\)/); found; found = this.#take(/^\(\?([a-zA-Z]+)\)/)) {
      flags += knownFlags(found[1] ?? '');
    }
    return flags === '' ? '' : `(?${flags})`;
  }

  #alternatives(): string {
    let written = '';
    let last: Last = 'nothing';
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      if (this.#skipComment()) continue;
      const quantifier = this.#quantifier();
      if (quantifier !== null) {
        if (last !== 'item') throw new InvalidPattern(last === 'nothing' ? 'nothing to repeat' : 'multiple repeat');
        written += quantifier;
        last = 'repeated';
        continue;
      }
      const isAnchor = /^(?:[|^$]|\\[AZbB])/.test(this.#text.slice(this.#at, this.#at + 2));
      written += this.#item();
      last = isAnchor ? 'nothing' : 'item';
    }
    return written;
  }

  #skipComment(): boolean {
    if (!this.#text.startsWith('(?#', this.#at)) return false;
    const end = this.#text.indexOf(')', this.#at);
    if (end < 0) throw new InvalidPattern('missing ), unterminated comment');
    this.#at = end + 1;
    return true;
  }

  /** `null` where none stands here: braces that hold no count are literal. */
  #quantifier(): string | null {
    const found = this.#take(/^(?:[*+?]|\{(\d*)(,?)(\d*)\})/);
    if (!found) return null;
    const [text, low = '', comma = '', high = ''] = found;
    if (text === '{}') {
      this.#at -= text.length;
      return null;
    }
    const written = text.startsWith('{') ? counted(Number(low || 0), comma ? high : low) : text;
    if (this.#take(/^\+/)) throw new UntranslatablePattern('a possessive quantifier');
    return written + (this.#take(/^\?/)?.[0] ?? '');
  }

  #item(): string {
    const [char = ''] = this.#take(/^./su) ?? [];
    if (char === '(') return this.#group();
    if (char === '[') return this.#characterClass();
    if (char === '\\') return this.#escape();
    if ('|^$.'.includes(char)) return char;
    return literal(char);
  }

  #group(): string {
    const refused = REFUSED_GROUPS.find(([start]) => this.#text.startsWith(start, this.#at));
    if (refused) throw new UntranslatablePattern(refused[1]);
    const open = this.#groupStart();
    const body = this.#alternatives();
    if (!this.#take(/^\)/)) throw new InvalidPattern('missing ), unterminated subpattern');
    return `${open}${body})`;
  }

  #groupStart(): string {
    if (!this.#text.startsWith('?', this.#at)) return '(';
    if (this.#take(/^\?:/)) return '(?:';
    const named = this.#take(/^\?P<([\p{L}_][\p{L}\p{N}_]*)>/u);
    if (named) {
      const [, name = ''] = named;
      if (this.#groupNames.has(name)) throw new InvalidPattern(`redefinition of group name '${name}'`);
      this.#groupNames.add(name);
      return '(';
    }
    const scoped = this.#take(/^\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/);
    if (!scoped) throw new InvalidPattern('unknown extension');
    const [, on = '', off = ''] = scoped;
    const [set, unset] = [knownFlags(on), knownFlags(off)];
    return `(?${set}${unset === '' ? '' : `-${unset}`}:`;
  }

  #escape(): string {
    const [char = ''] = this.#take(/^./su) ?? [];
    if (char === '') throw new InvalidPattern('bad escape (end of pattern)');
    if ('bBA'.includes(char)) return `\\${char}`;
    if (char === 'Z') return String.raw`\z`;
    const ofClass = CLASS_ESCAPES[char];
    if (ofClass !== undefined) return char === 'W' ? String.raw`[^\p{L}\p{N}_]` : `[${ofClass}]`;
    if (/[1-9]/.test(char) && !/^[0-7]{2}/.test(this.#text.slice(this.#at))) {
      throw new UntranslatablePattern('a backreference');
    }
    return literal(this.#escapedCharacter(char));
  }

  /** The character that an escape stands for, in a class and outside. */
  #escapedCharacter(char: string): string {
    const control = CONTROL_ESCAPES[char];
    if (control !== undefined) return control;
    const hex = HEX_ESCAPES[char];
    if (hex) {
      const digits = this.#take(hex);
      if (!digits) throw new InvalidPattern(`incomplete escape \\${char}`);
      return String.fromCodePoint(Number.parseInt(digits[0], 16));
    }
    if (/[0-7]/.test(char)) {
      const digits = char + (this.#take(/^[0-7]{1,2}/)?.[0] ?? '');
      return String.fromCodePoint(Number.parseInt(digits, 8));
    }
    if (char === 'N') throw new UntranslatablePattern('a character by its name');
    if (/[a-z0-9]/i.test(char)) throw new InvalidPattern(`bad escape \\${char}`);
    return char;
  }

  #characterClass(): string {
    let written = this.#take(/^\^/) ? '[^' : '[';
    for (let isFirst = true; isFirst || !this.#text.startsWith(']', this.#at); isFirst = false) {
      const from = this.#member();
      if (!this.#take(/^-(?=[^\]])/s)) {
        written += from.class ?? literal(from.character);
        continue;
      }
      const to = this.#member();
      if (from.class !== undefined || to.class !== undefined || !isRange(from.character, to.character)) {
        throw new InvalidPattern('bad character range');
      }
      written += `${literal(from.character)}-${literal(to.character)}`;
    }
    this.#at++;
    return `${written}]`;
  }

  #member(): { character: string; class?: string } {
    const [char = ''] = this.#take(/^./su) ?? [];
    if (char === '') throw new InvalidPattern('unterminated character set');
    if (char !== '\\') return { character: char };
    const [escaped = ''] = this.#take(/^./su) ?? [];
    if (escaped === '') throw new InvalidPattern('bad escape (end of pattern)');
    const ofClass = CLASS_ESCAPES[escaped];
    if (ofClass !== undefined) return { character: '', class: ofClass };
    return { character: escaped === 'b' ? '\b' : this.#escapedCharacter(escaped) };
  }

  #take(what: RegExp): RegExpExecArray | null {
    const found = what.exec(this.#text.slice(this.#at));
    if (found) this.#at += found[0].length;
    return found;
  }
}

function counted(low: number, highText: string): string {
  const high = highText === '' ? Infinity : Number(highText);
  if (high < low) throw new InvalidPattern('min repeat greater than max repeat');
  if (low > HIGHEST_COUNT || (high > HIGHEST_COUNT && highText !== '')) {
    throw new UntranslatablePattern(`a repeat of more than ${HIGHEST_COUNT}`);
  }
  return `{${low},${highText}}`;
}

function knownFlags(flags: string): string {
  if (/[^aiLmsux]/.test(flags) || flags.includes('L')) throw new InvalidPattern('unknown flag');
  if (flags.includes('x')) throw new UntranslatablePattern('the verbose flag (?x)');
  if (flags.includes('a')) throw new UntranslatablePattern('the ASCII flag (?a)');
  return flags.replaceAll('u', '');
}

const isRange = (from: string, to: string): boolean => (from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0);

const literal = (char: string): string =>
  /^[\p{L}\p{N}_]$/u.test(char) ? char : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`;

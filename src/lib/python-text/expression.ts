import { PyBytes, PyComplex, PyEllipsis } from './py-value.ts';
import type { PyValue } from './py-value.ts';
import { token } from './token.ts';
import type { Token } from './token.ts';
import { WholeFloat } from '../raw-json.ts';

/** The Python expressions that annotations and default values are written in. */
export type Expression =
  | { readonly kind: 'Name'; readonly name: string }
  | { readonly kind: 'Attribute'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'Subscript'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'Call'; readonly of: Expression }
  | { readonly kind: 'Constant'; readonly value: PyValue }
  | { readonly kind: 'JoinedStr' }
  | { readonly kind: 'List' | 'Tuple' | 'Set'; readonly items: readonly Expression[] }
  | { readonly kind: 'Dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'UnaryOp'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'BinOp'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Python would not read the text either; the message is Python's where it is a common mistake. */
export class PythonSyntaxError extends Error {}

const DEEPEST = 90;

/**
 * Reads one expression. `where` is what Python calls the text in its messages.
 * @throws PythonSyntaxError
 */
export function expression(text: string, where: '<string>' | '<unknown>'): Expression {
  return new Parser(text.replace(/^[ \t]+/, ''), where).whole();
}

class Parser {
  readonly #text: string;
  readonly #where: string;
  readonly #open: string[] = [];
  #at = 0;
  #next: Token;

  constructor(text: string, where: string) {
    this.#text = text;
    this.#where = where;
    this.#next = { kind: 'end', text: '' };
  }

  whole(): Expression {
    this.#advance();
    if (this.#isAtEnd()) throw new PythonSyntaxError(`invalid syntax (${this.#where}, line 0)`);
    const found = this.#tuple();
    if (!this.#isAtEnd()) throw this.#invalid();
    return found;
  }

  /** `a, b` without brackets is a tuple, as in `dict[str, int]`. */
  #tuple(): Expression {
    const first = this.#union();
    if (!this.#isNext(',')) return first;
    const items = [first];
    while (this.#skip(',')) {
      if (this.#isAtEnd() || this.#isNext(']') || this.#isNext(')')) break;
      items.push(this.#union());
    }
    return { kind: 'Tuple', items };
  }

  #union(): Expression {
    let left = this.#sum();
    while (this.#skip('|')) left = { kind: 'BinOp', operator: '|', left, right: this.#sum() };
    return left;
  }

  #sum(): Expression {
    let left = this.#unary();
    for (;;) {
      const operator = this.#next.text;
      if (!this.#skip('+') && !this.#skip('-')) return left;
      left = { kind: 'BinOp', operator, left, right: this.#unary() };
    }
  }

  #unary(): Expression {
    const operator = this.#next.text;
    if (this.#skip('+') || this.#skip('-')) return { kind: 'UnaryOp', operator, operand: this.#unary() };
    return this.#trailed();
  }

  #trailed(): Expression {
    let of = this.#atom();
    for (;;) {
      if (this.#skip('.')) {
        of = { kind: 'Attribute', of, name: this.#take('name').text };
      } else if (this.#isNext('[')) {
        of = { kind: 'Subscript', of, index: this.#bracketed(']', () => this.#tuple()) };
      } else if (this.#isNext('(')) {
        this.#bracketed(')', () => (this.#isNext(')') ? null : this.#tuple()));
        of = { kind: 'Call', of };
      } else {
        return of;
      }
    }
  }

  #atom(): Expression {
    const found = this.#next;
    if (found.kind === 'name') {
      this.#advance();
      return CONSTANTS.has(found.text)
        ? { kind: 'Constant', value: CONSTANTS.get(found.text) ?? null }
        : { kind: 'Name', name: found.text };
    }
    if (found.kind === 'number') {
      this.#advance();
      return { kind: 'Constant', value: numberOf(found.text) };
    }
    if (found.kind === 'string' || found.kind === 'bytes' || found.kind === 'f-string') return this.#strings();
    if (this.#skip('...')) return { kind: 'Constant', value: new PyEllipsis() };
    if (this.#isNext('[')) return { kind: 'List', items: this.#bracketed(']', () => this.#items(']')) };
    if (this.#isNext('(')) return this.#parenthesised();
    if (this.#isNext('{')) return this.#bracketed('}', () => this.#dictOrSet());
    throw this.#invalid();
  }

  /** Literals beside each other are one text. */
  #strings(): Expression {
    const { kind } = this.#next;
    let text = '';
    for (; this.#next.kind === kind; this.#advance()) text += this.#next.value ?? '';
    if (kind === 'f-string') return { kind: 'JoinedStr' };
    return { kind: 'Constant', value: kind === 'bytes' ? new PyBytes(text) : text };
  }

  #parenthesised(): Expression {
    return this.#bracketed(')', () => (this.#isNext(')') ? { kind: 'Tuple', items: [] } : this.#tuple()));
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    while (!this.#isNext(end)) {
      items.push(this.#union());
      if (!this.#skip(',')) break;
    }
    return items;
  }

  #dictOrSet(): Expression {
    if (this.#isNext('}')) return { kind: 'Dict', entries: [] };
    const first = this.#union();
    if (!this.#isNext(':')) {
      return { kind: 'Set', items: this.#skip(',') ? [first, ...this.#items('}')] : [first] };
    }
    const entries: [Expression, Expression][] = [];
    for (let key = first; ; key = this.#union()) {
      this.#take('operator', ':');
      entries.push([key, this.#union()]);
      if (!this.#skip(',') || this.#isNext('}')) return { kind: 'Dict', entries };
    }
  }

  #bracketed<T>(end: string, inside: () => T): T {
    this.#open.push(this.#next.text);
    if (this.#open.length > DEEPEST) throw new PythonSyntaxError('too many nested parentheses');
    this.#advance();
    const found = inside();
    if (!this.#isNext(end)) throw this.#invalid();
    this.#open.pop();
    this.#advance();
    return found;
  }

  #isAtEnd(): boolean {
    return this.#next.kind === 'end';
  }

  #isNext(text: string): boolean {
    return this.#next.kind === 'operator' && this.#next.text === text;
  }

  #skip(text: string): boolean {
    const isThere = this.#isNext(text);
    if (isThere) this.#advance();
    return isThere;
  }

  #take(kind: Token['kind'], text?: string): Token {
    const found = this.#next;
    if (found.kind !== kind || (text !== undefined && found.text !== text)) throw this.#invalid();
    this.#advance();
    return found;
  }

  #advance(): void {
    const found = token(this.#text, this.#at);
    if (!found) throw this.#invalid();
    this.#at = found.end;
    this.#next = found.token;
  }

  #invalid(): PythonSyntaxError {
    const isUnclosed = this.#isAtEnd() && this.#open.length > 0;
    const isUnmatched = this.#open.length === 0 && /^[\])}]$/.test(this.#next.text);
    const what = isUnclosed
      ? `'${this.#open.at(-1)}' was never closed`
      : isUnmatched
        ? `unmatched '${this.#next.text}'`
        : 'invalid syntax';
    return new PythonSyntaxError(`${what} (${this.#where}, line 1)`);
  }
}

const CONSTANTS = new Map<string, PyValue>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

function numberOf(text: string): PyValue {
  const digits = text.replaceAll('_', '').toLowerCase();
  if (/^0[xob]/.test(digits)) return asInteger(BigInt(digits));
  if (digits.endsWith('j')) return new PyComplex(0, Number(digits.slice(0, -1)));
  if (!/[.e]/.test(digits)) return asInteger(BigInt(digits));
  const value = Number(digits);
  return Number.isInteger(value) ? new WholeFloat(value) : value;
}

const asInteger = (value: bigint): number | bigint =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

import { WholeFloat } from '../raw-json.ts';
import { expression, PythonSyntaxError } from './expression.ts';
import type { Expression } from './expression.ts';
import { PyComplex, PyMap, PySet, PyTuple } from './py-value.ts';
import type { PyValue } from './py-value.ts';
import { repr } from './repr.ts';

/** What a text that should be a literal is instead, as Python's `ast.literal_eval` says it. */
export class NotALiteral extends Error {}

/**
 * The value of a Python literal, as `[1, 'a', None]`: numbers, texts, lists, tuples, sets, dictionaries. Nothing is
 * ever evaluated.
 * @throws NotALiteral
 */
export function literal(text: PyValue): PyValue {
  if (typeof text !== 'string') throw new NotALiteral(`malformed node or string: ${repr(text)}`);
  try {
    return valueOf(expression(text, '<unknown>'));
  } catch (error) {
    if (error instanceof PythonSyntaxError) throw new NotALiteral(error.message, { cause: error });
    throw error;
  }
}

function valueOf(node: Expression): PyValue {
  switch (node.kind) {
    case 'Constant':
      return node.value;
    case 'List':
      return node.items.map(valueOf);
    case 'Tuple':
      return new PyTuple(node.items.map(valueOf));
    case 'Set':
      return new PySet(node.items.map(valueOf));
    case 'Dict':
      return dictOf(node.entries.map(([key, value]) => [valueOf(key), valueOf(value)]));
    case 'UnaryOp':
      return signed(node.operator, number(node.operand));
    case 'BinOp':
      return sum(node);
    case 'Call':
      if (node.of.kind === 'Name' && node.of.name === 'set') return new PySet([]);
      throw malformed(node);
    default:
      throw malformed(node);
  }
}

type PyNumber = number | bigint | WholeFloat | PyComplex;

function number(node: Expression): PyNumber {
  const value = valueOf(node);
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof WholeFloat || value instanceof PyComplex) return value;
  throw malformed(node);
}

function signed(operator: string, value: PyNumber): PyNumber {
  if (operator === '+') return value;
  if (value instanceof WholeFloat) return new WholeFloat(-value.value);
  if (value instanceof PyComplex) return new PyComplex(-value.real, -value.imaginary);
  return -value;
}

/** The one sum that is a literal: a real and an imaginary part. */
function sum(node: Extract<Expression, { kind: 'BinOp' }>): PyValue {
  if (node.operator === '|') throw malformed(node);
  const [left, right] = [number(node.left), number(node.right)];
  if (left instanceof PyComplex || !(right instanceof PyComplex)) throw malformed(node);
  return new PyComplex(Number(left.valueOf()), node.operator === '-' ? -right.imaginary : right.imaginary);
}

function dictOf(entries: [PyValue, PyValue][]): PyValue {
  const isText = (entry: [PyValue, PyValue]): entry is [string, PyValue] => typeof entry[0] === 'string';
  return entries.every(isText) ? Object.fromEntries(entries) : new PyMap(entries);
}

const malformed = ({ kind }: Expression): NotALiteral =>
  // Python gives the node's address here, which tells nobody anything.
  new NotALiteral(`malformed node or string on line 1: <ast.${kind} object>`);

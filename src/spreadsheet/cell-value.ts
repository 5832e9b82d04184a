import { jsonOf } from '../lib/python-text/json-of-python.ts';
import { literal, NotALiteral } from '../lib/python-text/literal.ts';
import { PyTuple } from '../lib/python-text/py-value.ts';
import type { PyValue } from '../lib/python-text/py-value.ts';
import { floatText, repr } from '../lib/python-text/repr.ts';
import { arrayText } from '../lib/raw-json.ts';
import { numberOf, truthOf } from './columns.ts';
import type { ColumnType } from './columns.ts';
import { RefusedCell } from './table.ts';
import type { Cell } from './table.ts';

/** A cell that is not what stands in its place; the message says why. */
export class NotAValue extends Error {}

type Filled = Exclude<Cell, null>;

/**
 * The value of one keyword argument, as JSON text. A text is a Python literal: `'det1'`, `['det1', 'det2']`, `1.0`. A number
 * without a fraction is an integer, since spreadsheet programs know no other.
 * @throws NotAValue
 */
export function argumentText(cell: Filled, type: ColumnType): string {
  if (cell instanceof RefusedCell) throw new NotAValue(cell.why);
  if (type === 'booleans') throw new NotAValue(LONELY_TRUTH);
  if (type === 'booleans with gaps') return truthOf(cell) ? '1' : '0';
  if (type !== 'mixed') return wholeIfPossible(numberOf(cell, type));
  if (typeof cell === 'string') return jsonText(literalOf(cell));
  return wholeIfPossible(typeof cell === 'number' ? cell : Number(cell));
}

/**
 * The positional arguments of a plan, as the text of a JSON array: literals between commas, without brackets around them.
 * @throws NotAValue
 */
export function argumentsText(cell: Filled, type: ColumnType): string {
  if (cell instanceof RefusedCell) throw new NotAValue(cell.why);
  if (type === 'booleans' || type === 'booleans with gaps') return arrayText([String(truthOf(cell))]);
  if (type === 'floats') return arrayText([floatText(finite(Number(numberOf(cell, type))))]);
  if (type === 'integers') return arrayText([wholeIfPossible(numberOf(cell, type))]);
  if (typeof cell === 'number') return arrayText([wholeIfPossible(cell)]);
  if (typeof cell === 'boolean') return arrayText([String(cell)]);
  const list = literalOf(`[${cell}]`);
  // `1], [2` closes the bracket that was put around it.
  if (!Array.isArray(list)) throw new NotAValue(`${repr(cell)} is no list of literals between commas`);
  return jsonText(list);
}

/**
 * The name of a plan, with quotation marks or without; `null` where the row counts as empty.
 * @throws NotAValue
 */
export function planName(cell: Cell, type: ColumnType): string | null {
  if (cell === null || cell === 0 || cell === false) return null;
  if (cell instanceof RefusedCell) throw new NotAValue(cell.why);
  if (type === 'integers' || type === 'floats') {
    if (Number(numberOf(cell, type)) === 0) return null;
    throw new NotAValue(`a plan has a name, not the number ${String(cell)}`);
  }
  if (type !== 'mixed' && !truthOf(cell)) return null;
  const name = typeof cell === 'string' ? literalOrItself(cell) : cell;
  if (typeof name !== 'string') throw new NotAValue(`a plan has a name in quotation marks, not ${repr(name)}`);
  if (!IDENTIFIER.test(name)) throw new NotAValue(`${repr(name)} is not a valid plan name`);
  return name;
}

const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const LONELY_TRUTH =
  'a column that holds nothing but True and False is not read as the original reads texts: write (True) or (False)';

function literalOf(text: string): PyValue {
  try {
    return literal(text);
  } catch (error) {
    if (!(error instanceof NotALiteral)) throw error;
    throw new NotAValue(`${repr(text)} is not a literal (texts need quotation marks): ${error.message}`);
  }
}

function literalOrItself(text: string): PyValue {
  try {
    return literal(text);
  } catch (error) {
    if (error instanceof NotALiteral) return text;
    throw error;
  }
}

function jsonText(value: PyValue): string {
  const text = jsonOf(value instanceof PyTuple ? [...value.items] : value);
  if (text === undefined) throw new NotAValue(`${repr(value)} cannot be sent: it has no form in JSON`);
  return text;
}

function wholeIfPossible(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  return Number.isInteger(finite(value)) ? String(BigInt(value)) : floatText(value);
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new NotAValue(`${floatText(value)} is no number that can be sent`);
  return value;
}

import type { Cell, Value } from './table.ts';

/**
 * What a column holds as a whole. The original reads tables with pandas, which gives a column one type where it can, and so a
 * text that looks like a number is one only where all of its column looks so.
 *
 * - `integers`: whole numbers in every row; `floats`: numbers, or whole ones with gaps between them
 * - `booleans`: True and False in every row; `booleans with gaps`: the same with empty cells
 * - `mixed`: each cell is what it is by itself
 */
export type ColumnType = 'integers' | 'floats' | 'booleans' | 'booleans with gaps' | 'mixed';

/** Of the cells of one column, below the header. */
export function columnType(cells: readonly Cell[]): ColumnType {
  const filled = cells.filter((cell) => cell !== null);
  if (filled.length === 0) return 'mixed';
  const hasGaps = filled.length < cells.length;
  if (filled.every(isTruthValue)) return hasGaps ? 'booleans with gaps' : 'booleans';
  if (!filled.every((cell) => typeof cell === 'boolean' || isNumeric(cell))) return 'mixed';
  return !hasGaps && filled.every(isWhole) ? 'integers' : 'floats';
}

/** The number that a cell of a column of numbers stands for; an exact one beyond 2^53 where the column has no gaps. */
export function numberOf(cell: Value, type: 'integers' | 'floats'): number | bigint {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'number') return cell;
  const text = cell.trim().toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  return type === 'integers' && !Number.isSafeInteger(value) ? BigInt(text.replace(/^\+/, '')) : value;
}

/** The truth value that a cell of a column of them stands for. */
export const truthOf = (cell: Value): boolean => String(cell).toLowerCase() === 'true';

const NUMERIC = /^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|infinity)\s*$/i;
const WHOLE = /^\s*[+-]?\d+\s*$/;
const TRUTH_VALUE = /^(True|TRUE|true|False|FALSE|false)$/;

const isNumeric = (cell: Cell): boolean => typeof cell === 'number' || (typeof cell === 'string' && NUMERIC.test(cell));

const isWhole = (cell: Cell): boolean =>
  typeof cell === 'string' ? WHOLE.test(cell) : typeof cell === 'boolean' || Number.isInteger(cell);

const isTruthValue = (cell: Cell): boolean =>
  typeof cell === 'boolean' || (typeof cell === 'string' && TRUTH_VALUE.test(cell));

import { getItem } from '../lib/python-text/py-value.ts';
import { repr } from '../lib/python-text/repr.ts';
import { objectText } from '../lib/raw-json.ts';
import type { PlanDescription, PlanDescriptions } from '../protocol/descriptions.ts';
import { argumentsText, argumentText, NotAValue, planName } from './cell-value.ts';
import { columnType } from './columns.ts';
import type { ColumnType } from './columns.ts';
import type { Problems } from './problems.ts';
import { BY_KEYWORD } from './keywords.ts';
import { RefusedCell } from './table.ts';
import type { Cell, Row, Table } from './table.ts';

/** Items as JSON texts, each with the number of the row that it comes from. */
export interface PlanItems {
  readonly items: readonly string[];
  /** `null` where a mapping does not tell. */
  readonly rows: readonly (number | null)[];
}

/**
 * The default format, as the original has it: a header; then a plan a row, or nothing where the first cell is empty. The first
 * column is the plan's name, the second its positional arguments, each further one the keyword argument that its header names.
 * Every problem is told, not only the first; with `allowed`, names of plans and arguments that are not in there, too.
 */
export function planItems(table: Table, problems: Problems, allowed: PlanDescriptions | null = null): PlanItems {
  const names = keywordNames(table, problems);
  const types = columnTypes(table);
  const items: string[] = [];
  const rows: number[] = [];
  for (const row of table.rows) {
    const before = problems.count;
    const item = itemOf(row, { names, types, problems, allowed });
    if (item === null || problems.count > before) continue;
    items.push(item);
    rows.push(row.number);
  }
  return { items, rows };
}

interface Columns {
  /** By index; nothing for the first two, and for those whose header is no name. */
  readonly names: readonly (string | undefined)[];
  readonly types: readonly ColumnType[];
  readonly problems: Problems;
  readonly allowed: PlanDescriptions | null;
}

function itemOf({ number, cells }: Row, { names, types, problems, allowed }: Columns): string | null {
  const read = <T>(column: number, value: (type: ColumnType) => T): T | undefined => {
    try {
      return value(types[column] ?? 'mixed');
    } catch (error) {
      if (!(error instanceof NotAValue)) throw error;
      problems.add(number, column, error.message);
      return undefined;
    }
  };
  const name = read(0, (type) => planName(cells[0] ?? null, type));
  if (name === null) return null;
  const plan = name === undefined || allowed === null ? undefined : getItem(allowed, name);
  if (name !== undefined && allowed !== null && plan === undefined) {
    problems.add(number, 0, `Plan '${name}' is not in the list of allowed plans`);
  }
  const positional = cells[1] ?? null;
  const args = positional === null ? undefined : read(1, (type) => argumentsText(positional, type));
  const kwargs = names.flatMap((keyword, column): (readonly [string, string])[] => {
    const cell = cells[column] ?? null;
    if (keyword === undefined || cell === null) return [];
    if (plan !== undefined && !takes(plan, keyword)) {
      problems.add(number, column, `Plan '${plan.name}' has no argument '${keyword}'`);
    }
    const text = read(column, (type) => argumentText(cell, type));
    return text === undefined ? [] : [[keyword, text]];
  });
  return objectText([
    ['name', JSON.stringify(name ?? '')],
    ['item_type', '"plan"'],
    ...(args === undefined || args === '[]' ? [] : [['args', args] as const]),
    ...(kwargs.length === 0 ? [] : [['kwargs', objectText(kwargs)] as const]),
  ]);
}

const takes = ({ parameters }: PlanDescription, keyword: string): boolean =>
  parameters.some(({ name, kind }) => kind.name === 'VAR_KEYWORD' || (name === keyword && BY_KEYWORD.has(kind.name)));

/** Names that stand twice get a number, and columns without one a name, both as pandas gives them. */
function keywordNames({ header, rows }: Table, problems: Problems): (string | undefined)[] {
  const width = rows.reduce((widest, { cells }) => Math.max(widest, cells.length), header.cells.length);
  const cells = Array.from({ length: width }, (_, index) => header.cells[index] ?? null);
  const names = uniqueNames(cells);
  const seen = new Map<string, string>();
  return names.map((name, column) => {
    if (column < 2) return undefined;
    const cell = cells[column] ?? null;
    if (cell !== null && typeof cell !== 'string') {
      const shown = cell instanceof RefusedCell ? cell.why : `not ${repr(cell)}`;
      problems.add(header.number, column, `the header of a column is the name of an argument: ${shown}`);
      return undefined;
    }
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      problems.add(header.number, column, `the names ${repr(other)} and ${repr(name)} are the same but for capitals`);
      return undefined;
    }
    seen.set(name.toLowerCase(), name);
    return name;
  });
}

function uniqueNames(cells: readonly Cell[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, index) => {
    const name = cell === null || cell instanceof RefusedCell ? `Unnamed: ${index}` : String(cell);
    let unique = name;
    for (let count = 1; taken.has(unique); count++) unique = `${name}.${count}`;
    taken.add(unique);
    return unique;
  });
}

function columnTypes({ header, rows }: Table): ColumnType[] {
  const width = rows.reduce((widest, { cells }) => Math.max(widest, cells.length), header.cells.length);
  return Array.from({ length: width }, (_, column) => columnType(rows.map(({ cells }) => cells[column] ?? null)));
}

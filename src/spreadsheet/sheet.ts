import { LIMITS } from './limits.ts';
import { RefusedFile, tooMany } from './refused-file.ts';
import { Problems } from './problems.ts';
import { RefusedCell } from './table.ts';
import type { Cell, Row, Table } from './table.ts';

/** A table as it was read, and what of the file could not become part of it. */
export interface Sheet {
  readonly table: Table;
  readonly problems: Problems;
}

/** Collects rows into a table, and holds them to the limits while the file is still being read. */
export class SheetBuilder {
  /** Of rows that are left out. */
  readonly problems: Problems;
  readonly #name: string | null;
  readonly #rows: Row[] = [];
  #cells = 0;

  constructor(name: string | null) {
    this.#name = name;
    this.problems = new Problems(name);
  }

  /** The first one is the header. @throws RefusedFile beyond a limit */
  add(number: number, cells: readonly Cell[]): void {
    if (cells.length > LIMITS.columns) throw tooMany('columns', LIMITS.columns);
    // The header is no row of the sheet's contents.
    if (this.#rows.length > LIMITS.rows) throw tooMany('rows', LIMITS.rows);
    this.#cells += cells.length;
    if (this.#cells > LIMITS.cells) throw tooMany('cells', LIMITS.cells);
    this.#rows.push({ number, cells: cells.map(bounded) });
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  get columns(): number {
    return this.#rows[0]?.cells.length ?? 0;
  }

  /** @throws RefusedFile when there is nothing in it */
  done(): Sheet {
    const [header, ...rows] = this.#rows;
    if (header === undefined && this.problems.count === 0) {
      throw new RefusedFile('unreadable', 'Spreadsheet is expected to have at least 1 column (plan name): 0 columns');
    }
    const table = { sheet: this.#name, header: header ?? { number: 1, cells: [] }, rows };
    return { table, problems: this.problems };
  }
}

const bounded = (cell: Cell): Cell =>
  typeof cell === 'string' && cell.length > LIMITS.cellText
    ? new RefusedCell(`it holds ${cell.length} characters, more than ${LIMITS.cellText}`)
    : cell;

import { columnLetters } from './table.ts';

/** What is wrong, and where: as the person who wrote the sheet finds it. */
export interface Problem {
  /** `null` for a text file, which has no sheets. */
  readonly sheet: string | null;
  /** As a spreadsheet program counts: from 1, the header included. */
  readonly row: number;
  /** The letters of the column; `null` when the row as a whole is meant. */
  readonly column: string | null;
  readonly msg: string;
}

/** Nobody mends more at a time. */
const MOST_KEPT = 1000;

/** The problems of one sheet; beyond a thousand they are only counted. */
export class Problems {
  readonly #sheet: string | null;
  readonly #kept: Problem[] = [];
  #count = 0;

  constructor(sheet: string | null) {
    this.#sheet = sheet;
  }

  /** `column` is an index, from 0. */
  add(row: number, column: number | null, msg: string): void {
    this.#count++;
    if (this.#kept.length === MOST_KEPT) return;
    this.#kept.push({ sheet: this.#sheet, row, column: column === null ? null : columnLetters(column), msg });
  }

  get kept(): readonly Problem[] {
    return this.#kept;
  }

  get count(): number {
    return this.#count;
  }
}

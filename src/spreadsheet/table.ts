/** What a cell holds, whatever the format of the file; `null` is an empty one. */
export type Cell = Value | null | RefusedCell;
export type Value = string | number | boolean;

/** A cell that cannot be used: a date, a formula that was never calculated. It matters only where its value is needed. */
export class RefusedCell {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

export interface Row {
  /** As a spreadsheet program counts: from 1, the header included. */
  readonly number: number;
  /** May be shorter than the header. */
  readonly cells: readonly Cell[];
}

/** The first sheet of a file, or the whole of a text file. */
export interface Table {
  /** `null` for a text file, which has no sheets. */
  readonly sheet: string | null;
  readonly header: Row;
  readonly rows: readonly Row[];
}

/** 0 is `A`, 26 is `AA`. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

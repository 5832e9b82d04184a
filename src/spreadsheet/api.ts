import type { Cell, Row, Table } from './table.ts';

export { RefusedCell } from './table.ts';
export type { Cell, Row, Table };

/** What a mapping is given of an upload. */
export interface UploadedSheet {
  /** The first sheet, its cells as they were read: nothing in them is evaluated. */
  readonly table: Table;
  readonly fileName: string;
  /** As the client sent it: which of the beamline's formats this is. */
  readonly dataType: string | null;
  /** Who uploads. */
  readonly user: string;
  /** Says what is wrong, and where: `row` as in {@link Row.number}, `column` an index from 0. Nothing is then queued. */
  problem(row: number, column: number | null, msg: string): void;
}

/** An item of the queue; one without `item_type` is a plan. */
export interface MappedItem {
  readonly item_type?: 'plan' | 'instruction';
  readonly name: string;
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly meta?: unknown;
}

/**
 * A beamline's own format: the module that `--custom-modules` names exports one as `spreadsheetToPlanList`. `null` leaves the
 * sheet to the default format; an error refuses the file, with its message.
 */
export type SpreadsheetToPlanList = (
  sheet: UploadedSheet,
) => readonly MappedItem[] | null | Promise<readonly MappedItem[] | null>;

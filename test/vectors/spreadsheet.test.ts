import { describe, expect, test } from 'vitest';
import { accepted } from './accepted-differences.ts';
import { casesOf } from './recorded.ts';
import { arrayText, parseView } from '../../src/lib/raw-json.ts';
import { argumentText } from '../../src/spreadsheet/cell-value.ts';
import { columnType } from '../../src/spreadsheet/columns.ts';
import { planItems } from '../../src/spreadsheet/plan-items.ts';
import { sheetOf } from '../../src/spreadsheet/read-sheet.ts';
import { RefusedFile } from '../../src/spreadsheet/refused-file.ts';
import type { Cell } from '../../src/spreadsheet/table.ts';

/**
 * Files and the plans that bluesky-queueserver 0.0.25 (BSD-3-Clause) made of them. Of an error the row is compared; the
 * sentences hold Python's `repr` of a row, or are those of pandas, openpyxl and xlrd.
 */
interface FileCase {
  id: string;
  file_name: string;
  base64?: string;
  result?: unknown;
  error?: { message: string; row?: number };
}

const GROUPS = [
  'args',
  'csv',
  'empty',
  'file',
  'fuzzed',
  'header',
  'kwarg',
  'kwarg-column',
  'kwarg-mixed-column',
  'plain',
  'plan-name',
  'rows',
  'xlsx',
];

describe.each(GROUPS)('http-spreadsheet/%s', (group) => {
  test.each(casesOf<FileCase>('http-spreadsheet', group))('$id', (recorded) => {
    const { plans, rows } = readAsUploaded(recorded);
    if (recorded.error !== undefined || accepted('http-spreadsheet', recorded.id) !== undefined) {
      expect(plans).toBeNull();
      // The recording counts the rows after the header; here the header is row 1.
      if (recorded.error?.row !== undefined && group !== 'csv') expect(rows[0]).toBe(recorded.error.row + 1);
    } else {
      expect(plans).toEqual(recorded.result);
    }
  });
});

/** The plans, or `null` and the rows of the problems. */
function readAsUploaded({ file_name, base64 = '' }: FileCase): { plans: unknown; rows: readonly number[] } {
  try {
    const sheet = sheetOf(file_name, Buffer.from(base64, 'base64'));
    const { items } = planItems(sheet.table, sheet.problems);
    const rows = sheet.problems.kept.map(({ row }) => row);
    return { plans: rows.length > 0 ? null : parseView(arrayText(items)), rows };
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    return { plans: null, rows: [] };
  }
}

interface CellCase {
  id: string;
  cell: unknown;
  python_type: string;
  result?: unknown;
  error?: object;
}

describe('http-spreadsheet/cells', () => {
  // What no table holds: an empty cell is told by its column, a list or dictionary by no file.
  const cases = casesOf<CellCase>('http-spreadsheet', 'cells').filter(
    ({ cell }) => cell !== null && typeof cell !== 'object' && !Number.isNaN(cell),
  );
  test.each(cases)('$id', ({ cell, result, error }) => {
    const read = () => parseView(argumentText(cell as Exclude<Cell, null>, 'mixed'));
    if (error) expect(read).toThrow();
    else expect(read()).toEqual(result);
  });

  test('a column without a cell has no type', () => {
    expect(columnType([null, null])).toBe('mixed');
  });
});

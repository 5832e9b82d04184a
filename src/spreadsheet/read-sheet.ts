import { delimitedSheet } from './delimited.ts';
import { fileKindOf } from './file-kind.ts';
import type { Sheet } from './sheet.ts';
import { workbookSheet } from './workbook.ts';

/** The table in a file, whatever its format. @throws RefusedFile */
export function sheetOf(fileName: string, bytes: Buffer): Sheet {
  const kind = fileKindOf(fileName, bytes);
  if (kind === 'csv') return delimitedSheet(bytes, ',');
  if (kind === 'tsv') return delimitedSheet(bytes, '\t');
  return workbookSheet(kind, bytes);
}

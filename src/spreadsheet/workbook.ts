import { CFB, read } from 'xlsx';
import type { CellObject, WorkBook } from 'xlsx';
import { contentOf, partsOf, storedArchive } from './archive.ts';
import { hasMacros, isEncrypted } from './file-kind.ts';
import { LIMITS } from './limits.ts';
import { RefusedFile, tooMany } from './refused-file.ts';
import { SheetBuilder } from './sheet.ts';
import type { Sheet } from './sheet.ts';
import { RefusedCell } from './table.ts';
import type { Cell } from './table.ts';

/**
 * The first sheet of a workbook. Of a formula the stored value counts, and nothing is ever evaluated.
 * @throws RefusedFile for what is broken, encrypted, has macros, or is beyond a limit
 */
export function workbookSheet(kind: 'xlsx' | 'xls' | 'ods', bytes: Buffer): Sheet {
  const book = opened(kind === 'xls' ? checkedCompound(bytes) : unpacked(kind, bytes));
  const name = book.SheetNames[0];
  const contents = name === undefined ? undefined : book.Sheets[name];
  if (name === undefined || contents === undefined) throw new RefusedFile('unreadable', 'The file holds no sheet');
  const sheet = new SheetBuilder(name);
  // A sheet may have holes: rows, and cells of a row, that are not there at all.
  const rows = (contents['!data'] ?? []) as (readonly (CellObject | undefined)[] | undefined)[];
  rows.forEach((row, index) => {
    if ((row?.length ?? 0) > WIDEST) throw tooMany('columns', LIMITS.columns);
    const cells = Array.from(row ?? [], cellOf);
    while (cells.at(-1) === null) cells.pop();
    if (sheet.isEmpty && cells.length === 0) return;
    sheet.add(index + 1, cells);
  });
  return sheet.done();
}

/** Columns that a spreadsheet program can have; most of them are empty. */
const WIDEST = 16_384;

function opened(bytes: Buffer): WorkBook {
  try {
    return read(bytes, {
      type: 'buffer',
      dense: true,
      sheets: 0,
      // One more than may be, so that one too many is noticed.
      sheetRows: LIMITS.rows + 2,
      cellDates: true,
      cellFormula: true,
      cellHTML: false,
      cellText: false,
      // Without it a formula that was never calculated would look like an empty cell.
      sheetStubs: true,
    });
  } catch (cause) {
    if (/password|encrypt/i.test((cause as Error).message)) throw isEncrypted();
    throw new RefusedFile('unreadable', `The file cannot be read: ${(cause as Error).message}`, { cause });
  }
}

const MACROS = /vbaProject|vbaData|(^|\/)macrosheets\/|^Basic\/|^Scripts\//i;
/** Of a part of its own: some writers name the type of binary workbooks whatever they hold. */
const MACRO_TYPES = /<Override[^>]*macroEnabled|vbaProject/i;
const TEXT_PART = /\.(xml|rels|vml)$|^mimetype$/i;
const ODS_TYPE = 'application/vnd.oasis.opendocument.spreadsheet';

/**
 * The texts of a packed file, unpacked here under a budget: heap limits do not stop a zip bomb. Pictures and the like are
 * left behind.
 */
function unpacked(kind: 'xlsx' | 'ods', zip: Buffer): Buffer {
  const parts = partsOf(zip);
  if (parts.some((part) => part.isEncrypted)) throw isEncrypted();
  if (parts.some((part) => MACROS.test(part.name))) throw hasMacros();
  const texts = parts.filter((part) => TEXT_PART.test(part.name));
  const contents = new Map(texts.map((part) => [part.name, contentOf(zip, part)]));
  if (kind === 'ods') checkOds(contents);
  else checkXlsx(contents);
  return storedArchive(contents);
}

function checkXlsx(contents: ReadonlyMap<string, Buffer>): void {
  const types = contents.get('[Content_Types].xml');
  if (types === undefined) throw new RefusedFile('unreadable', 'The file is a zip archive, but no workbook');
  if (MACRO_TYPES.test(types.toString('latin1'))) throw hasMacros();
}

function checkOds(contents: ReadonlyMap<string, Buffer>): void {
  if (contents.get('mimetype')?.toString('latin1').trim() !== ODS_TYPE) {
    throw new RefusedFile('unreadable', 'The file is a zip archive, but no OpenDocument spreadsheet');
  }
  if (contents.get('META-INF/manifest.xml')?.includes('encryption-data') === true) throw isEncrypted();
}

function checkedCompound(bytes: Buffer): Buffer {
  const names = streamNames(bytes);
  if (names.some((name) => /EncryptedPackage/i.test(name))) throw isEncrypted();
  if (names.some((name) => /_VBA_PROJECT|\/Macros\//i.test(name))) throw hasMacros();
  if (!names.some((name) => /\/(Workbook|Book)$/i.test(name))) {
    throw new RefusedFile('unreadable', 'The file is an old Office document, but no workbook');
  }
  return bytes;
}

function streamNames(bytes: Buffer): readonly string[] {
  try {
    return CFB.read(bytes, { type: 'buffer' }).FullPaths;
  } catch (cause) {
    throw new RefusedFile('unreadable', `The file cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** How a formula names another workbook, or another program. */
const EXTERNAL = /\[[^\]]+\][^'!\]]*'?!|'?file:\/\/|\w\|'/i;
/** The code of `#N/A`, by which a person says that there is no value. */
const NOT_AVAILABLE = 42;

function cellOf(cell: CellObject | undefined): Cell {
  if (cell === undefined || cell === null) return null;
  if (cell.f !== undefined && EXTERNAL.test(cell.f)) {
    return new RefusedCell('its formula takes a value from another file: paste the value instead');
  }
  switch (cell.t) {
    case 's':
      return cell.v === '' ? null : String(cell.v);
    case 'n':
    case 'b':
      return cell.v as number | boolean;
    case 'd':
      return new RefusedCell('it is a date or a time: write a number or a text in quotation marks');
    case 'e':
      return cell.v === NOT_AVAILABLE ? null : new RefusedCell('it shows an error of the spreadsheet program');
    default:
      return cell.f === undefined
        ? null
        : new RefusedCell('its formula was never calculated: open and save the file in a spreadsheet program');
  }
}

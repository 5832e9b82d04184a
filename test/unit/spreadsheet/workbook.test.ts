import { describe, expect, test } from 'vitest';
import { RefusedCell } from '../../../src/spreadsheet/table.ts';
import { workbookSheet } from '../../../src/spreadsheet/workbook.ts';
import { TYPES, workbook, zip } from '../../support/workbooks.ts';

const ROWS = [
  ['plan_name', 'args', 'num'],
  ['count', "['det1']", 1],
];

/** The cell C2 of a workbook, read again. */
const cell = (written: Parameters<typeof workbook>[1]) =>
  workbookSheet('xlsx', workbook(ROWS, written)).table.rows[0]?.cells[2];

describe('a cell of a workbook', () => {
  test('with a formula has the value that was stored, whatever the formula would give', () => {
    expect(cell({ cells: { C2: { t: 'n', v: 7, f: '1+1' } } })).toBe(7);
  });

  test.each([
    ['another workbook by its number', '[1]Sheet1!A1'],
    ['another workbook in quotes', "'[2]My sheet'!A1"],
    ['another program', "cmd|' /C calc'!A0"],
  ])('with a formula that names %s is refused', (_what, f) => {
    expect(cell({ cells: { C2: { t: 'n', v: 7, f } } })).toMatchObject({
      why: expect.stringContaining('another file'),
    });
  });

  test('with a formula that names a column of a table is read', () => {
    expect(cell({ cells: { C2: { t: 'n', v: 7, f: 'SUM(Scans[num])' } } })).toBe(7);
  });

  test('with a date is refused, since no plan takes one', () => {
    expect(cell({ cells: { C2: { t: 'd', v: new Date(0), z: 'yyyy-mm-dd' } } })).toBeInstanceOf(RefusedCell);
  });

  test('that shows an error is refused, but for #N/A, which says that there is no value', () => {
    expect(cell({ cells: { C2: { t: 'e', v: 7 } } })).toBeInstanceOf(RefusedCell);
    expect(cell({ cells: { C2: { t: 'e', v: 42 } } }) ?? null).toBeNull();
  });
});

describe('a workbook', () => {
  test('gives its first sheet, empty rows at the top passed over', () => {
    const { table } = workbookSheet('xlsx', workbook([[], [], ...ROWS]));
    expect(table.sheet).toBe('plans');
    expect([table.header.number, table.rows[0]?.number]).toEqual([3, 4]);
  });

  test('with a cell far to the right, or far down, is refused', () => {
    const far = (place: string) => {
      const sheet = `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="${place}"><v>1</v></c></row></sheetData></worksheet>`;
      return () => workbookSheet('xlsx', packed(sheet));
    };
    expect(far('XFD1')).toThrow('more than 256 columns');
    expect(far('ZZZZ1')).toThrow('more than 256 columns');
  });

  test('with more rows than the limit is refused', () => {
    const rows = Array.from(
      { length: 20_002 },
      (_, row) => `<row r="${row + 1}"><c r="A${row + 1}"><v>1</v></c></row>`,
    );
    expect(() =>
      workbookSheet('xlsx', packed(`<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`)),
    ).toThrow('more than 20000 rows');
  });

  test('of OpenDocument that repeats a row a million times is refused, or read as the one row that it is', () => {
    const repeated = (content: string) => () =>
      workbookSheet(
        'ods',
        zip([
          { name: 'mimetype', content: Buffer.from('application/vnd.oasis.opendocument.spreadsheet') },
          { name: 'META-INF/manifest.xml', content: Buffer.from('<manifest:manifest/>') },
          { name: 'styles.xml', content: Buffer.from('<office:document-styles/>') },
          { name: 'content.xml', content: Buffer.from(content) },
        ]),
      );
    const row = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>';
    const table = (attributes: string) =>
      `<office:document-content><office:body><office:spreadsheet><table:table table:name="a"><table:table-row ${attributes}>${row}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`;
    expect(repeated(table('table:number-rows-repeated="1048576"'))).toThrow('more than 20000 rows');
    expect(repeated(table(''))).not.toThrow();
  });

  test('that is a zip archive of something else is refused', () => {
    expect(() => workbookSheet('xlsx', zip([{ name: 'a.xml', content: Buffer.from('<a/>') }]))).toThrow('no workbook');
    expect(() => workbookSheet('ods', zip([TYPES]))).toThrow('no OpenDocument spreadsheet');
  });
});

/** A workbook of one sheet, written part by part. */
function packed(sheet: string): Buffer {
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const types =
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${main}.worksheet+xml"/></Types>`;
  const relations = (target: string, type: string) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relation}/${type}" Target="${target}"/></Relationships>`;
  const parts = {
    '[Content_Types].xml': types,
    '_rels/.rels': relations('xl/workbook.xml', 'officeDocument'),
    'xl/workbook.xml':
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relations('worksheets/sheet1.xml', 'worksheet'),
    'xl/worksheets/sheet1.xml': sheet,
  };
  return zip(Object.entries(parts).map(([name, text]) => ({ name, content: Buffer.from(text) })));
}

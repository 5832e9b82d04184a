import { describe, expect, test } from 'vitest';
import { delimitedSheet } from '../../../src/spreadsheet/delimited.ts';

const sheet = (text: string) => delimitedSheet(Buffer.from(text), ',');
const cells = (text: string) => {
  const { table } = sheet(text);
  return [table.header, ...table.rows].map((row) => row.cells);
};

describe('text between separators', () => {
  test.each([
    [
      'lines may end in any way',
      'a,b\r\n1,2\r3,4\n5,6',
      [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'quotes are doubled inside quotes',
      'a,b\n"x ""y"", z",1\n',
      [
        ['a', 'b'],
        ['x "y", z', '1'],
      ],
    ],
    [
      'a quote in the middle of a cell is a character',
      'a,b\n1"2,3\n',
      [
        ['a', 'b'],
        ['1"2', '3'],
      ],
    ],
    [
      'a cell in quotes may hold line ends',
      'a,b\n"1,\n2",3\n',
      [
        ['a', 'b'],
        ['1,\n2', '3'],
      ],
    ],
    [
      'what follows a closing quote belongs to the cell',
      'a,b\n"1"2,3\n',
      [
        ['a', 'b'],
        ['12', '3'],
      ],
    ],
    [
      'a cell without text is empty, in quotes, too',
      'a,b\n,""\n',
      [
        ['a', 'b'],
        [null, null],
      ],
    ],
    [
      'a byte order mark is no part of the first name',
      '\ufeffa,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a row may be shorter than the header', 'a,b,c\n1\n', [['a', 'b', 'c'], ['1']]],
  ])('%s', (_rule, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  test('rows are numbered as a spreadsheet program shows them, blank lines included', () => {
    expect(sheet('a,b\n\n1,2\n  \n3,4\n').table.rows.map(({ number }) => number)).toEqual([3, 5]);
  });

  test('a row that is longer than the header is left out and told', () => {
    const { table, problems } = sheet('a,b\n1,2,3\n4,5\n');
    expect(table.rows.map((row) => row.cells)).toEqual([['4', '5']]);
    expect(problems.kept).toEqual([{ sheet: null, row: 2, column: 'C', msg: 'the row has 3 cells, the header has 2' }]);
  });

  test('a quotation mark that is never closed ends the reading, and is told', () => {
    const { problems } = sheet('a,b\n1,2\n3,"4\n5,6\n');
    expect(problems.kept).toMatchObject([{ row: 3, column: null }]);
  });

  test.each([
    ['another encoding', Buffer.from('a,b\n1,2\n', 'utf16le')],
    ['bytes that are no text', Buffer.from([0x80, 0x81])],
  ])('%s is refused', (_what, bytes) => {
    // A text in UTF-16 without its mark is one in UTF-8 with strange characters: it has the mark here.
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]);
    expect(() => delimitedSheet(marked, ',')).toThrow('The file is no text in UTF-8');
  });

  test('more rows or columns than the limit are refused while they are read', () => {
    expect(() => sheet(`a\n${'1\n'.repeat(20_001)}`)).toThrow('more than 20000 rows');
    expect(() => sheet(`a${','.repeat(256)}\n`)).toThrow('more than 256 columns');
  });

  test('a cell with more text than any program holds is refused where it is used', () => {
    expect(sheet(`a\n${'x'.repeat(40_000)}\n`).table.rows[0]?.cells[0]).toMatchObject({
      why: 'it holds 40000 characters, more than 32767',
    });
  });
});

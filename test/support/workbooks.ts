import { crc32, deflateRawSync } from 'node:zlib';
import { utils, write } from 'xlsx';
import type { CellObject } from 'xlsx';

/** A workbook of one sheet, as a spreadsheet program would save it. */
export function workbook(
  rows: readonly (readonly unknown[])[],
  { bookType = 'xlsx', cells = {} }: { bookType?: 'xlsx' | 'biff8' | 'ods'; cells?: Record<string, CellObject> } = {},
): Buffer {
  const sheet = utils.aoa_to_sheet(rows as unknown[][]);
  Object.assign(sheet, cells);
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'plans');
  return write(book, { type: 'buffer', bookType, compression: true }) as Buffer;
}

interface ZipPart {
  readonly name: string;
  readonly content: Buffer;
  /** What the directory says that it unpacks to, true or not. */
  readonly claims?: number;
  readonly isEncrypted?: boolean;
}

/** A zip archive, byte for byte as wanted: what no honest program would write. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, claims = content.length, isEncrypted = false } of parts) {
    const packed = deflateRawSync(content);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(isEncrypted ? 1 : 0, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(claims, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), packed);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

export const TYPES = { name: '[Content_Types].xml', content: Buffer.from('<Types/>') };

/** A part that unpacks to so many megabytes of spaces. */
export const bomb = (megabytes: number, claims?: number): ZipPart => ({
  name: 'xl/worksheets/sheet1.xml',
  content: Buffer.alloc(megabytes * 1024 * 1024, ' '),
  ...(claims === undefined ? {} : { claims }),
});

/** The form that uploads a file. */
export function form(fileName: string, bytes: Buffer | string, fields: Record<string, string> = {}): FormData {
  const data = new FormData();
  data.set('spreadsheet', new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], fileName));
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

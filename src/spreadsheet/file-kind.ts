import { extname } from 'node:path';
import { RefusedFile } from './refused-file.ts';

/** By the ending of the name, as the original decides; what is inside is held against it. */
export type FileKind = 'xlsx' | 'xls' | 'ods' | 'csv' | 'tsv';

export const FILE_KINDS: readonly FileKind[] = ['xlsx', 'xls', 'ods', 'csv', 'tsv'];

const ZIP = Buffer.from('PK\x03\x04', 'latin1');
const COMPOUND = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** @throws RefusedFile when the name has another ending, or the file begins as another kind of file does */
export function fileKindOf(fileName: string, bytes: Buffer): FileKind {
  const ending = extname(fileName);
  const kind = FILE_KINDS.find((each) => ending === `.${each}`);
  if (kind === undefined) {
    const supported = FILE_KINDS.map((each) => `'.${each}'`).join(', ');
    throw new RefusedFile(
      'unreadable',
      `File '${fileName}' (extension '${ending}') is not supported: supported extensions '(${supported})'`,
    );
  }
  const found = beginsAs(bytes);
  // What a password protects is a compound document, whatever it was before.
  if (kind === 'xlsx' && found === 'compound' && isProtected(bytes)) throw isEncrypted();
  if (found !== CONTAINER_OF[kind]) {
    throw new RefusedFile('unreadable', `The file is named .${kind}, and inside it is ${SHOWN[found]}`);
  }
  return kind;
}

export const isEncrypted = (): RefusedFile =>
  new RefusedFile('unsafe', 'The file is encrypted: save it without a password first');

export const hasMacros = (): RefusedFile =>
  new RefusedFile('unsafe', 'The file holds macros: save it as a workbook without macros first');

type Container = 'zip' | 'compound' | 'text';

const CONTAINER_OF: Readonly<Record<FileKind, Container>> = {
  xlsx: 'zip',
  ods: 'zip',
  xls: 'compound',
  csv: 'text',
  tsv: 'text',
};

const SHOWN: Readonly<Record<Container, string>> = {
  zip: 'a zip archive',
  compound: 'an old Office document',
  text: 'neither a zip archive nor an old Office document',
};

function beginsAs(bytes: Buffer): Container {
  if (bytes.subarray(0, ZIP.length).equals(ZIP)) return 'zip';
  return bytes.subarray(0, COMPOUND.length).equals(COMPOUND) ? 'compound' : 'text';
}

/** The name of the stream stands in the directory of the document, in UTF-16. */
const isProtected = (bytes: Buffer): boolean => bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'));

import { crc32, inflateRawSync } from 'node:zlib';
import { LIMITS } from './limits.ts';
import { RefusedFile } from './refused-file.ts';

/** One file inside a zip archive, as the archive's directory tells of it. Nothing of that is believed until it is unpacked. */
export interface Part {
  readonly name: string;
  readonly size: number;
  readonly packedSize: number;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly at: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const IN_ZIP64 = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;

/** @throws RefusedFile when it is no zip archive, has too many parts, or claims to unpack to too much */
export function partsOf(zip: Buffer): Part[] {
  const end = endOfDirectory(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > LIMITS.parts)
    throw new RefusedFile('too-large', `The file holds ${count} files, more than ${LIMITS.parts}`);
  const parts: Part[] = [];
  for (let at = zip.readUInt32LE(end + 16), index = 0; index < count; index++) {
    if (at + DIRECTORY_ENTRY_BYTES > zip.length || zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw broken();
    const nameBytes = zip.readUInt16LE(at + 28);
    const extraBytes = zip.readUInt16LE(at + 30);
    const name = at + DIRECTORY_ENTRY_BYTES;
    const extra = zip.subarray(name + nameBytes, name + nameBytes + extraBytes);
    parts.push({
      name: zip.toString('utf8', name, name + nameBytes),
      isEncrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
      method: zip.readUInt16LE(at + 10),
      ...sizes(zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 20), extra),
      at: zip.readUInt32LE(at + 42),
    });
    at = name + nameBytes + extraBytes + zip.readUInt16LE(at + 32);
  }
  const claimed = parts.reduce((sum, { size }) => sum + size, 0);
  if (claimed > LIMITS.unpackedBytes) {
    throw new RefusedFile('too-large', `The file unpacks to ${claimed} bytes, more than ${LIMITS.unpackedBytes}`);
  }
  return parts;
}

/**
 * What a part holds. Never more than the directory claims: a part that goes on beyond that is given up where it does.
 * @throws RefusedFile
 */
export function contentOf(zip: Buffer, { name, at, size, packedSize, method }: Part): Buffer {
  if (at + LOCAL_HEADER_BYTES > zip.length || zip.readUInt32LE(at) !== LOCAL_HEADER) throw broken();
  const from = at + LOCAL_HEADER_BYTES + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const packed = zip.subarray(from, from + packedSize);
  if (packed.length !== packedSize || (method !== STORED && method !== DEFLATED)) throw broken();
  const content = method === STORED ? packed : inflated(packed, size, name);
  if (content.length !== size) throw broken();
  return content;
}

function inflated(packed: Buffer, size: number, name: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RefusedFile('too-large', `'${name}' in the file unpacks to more than the ${size} bytes that it claims`);
    }
    throw broken(error);
  }
}

/** An archive of these contents that is not packed: whoever reads it inflates nothing. */
export function storedArchive(contents: ReadonlyMap<string, Buffer>): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of contents) {
    const nameBytes = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0); // version needed
    facts.writeUInt16LE(0x0800, 2); // names are UTF-8
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(nameBytes.length, 22);
    files.push(word(LOCAL_HEADER), facts, nameBytes, content);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(word(DIRECTORY_ENTRY), Buffer.from([20, 0]), facts, place, nameBytes);
    at += LOCAL_HEADER_BYTES + nameBytes.length + content.length;
  }
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(contents.size, 8);
  end.writeUInt16LE(contents.size, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

function endOfDirectory(zip: Buffer): number {
  const earliest = Math.max(0, zip.length - END_BYTES - LONGEST_COMMENT);
  for (let at = zip.length - END_BYTES; at >= earliest; at--) if (zip.readUInt32LE(at) === END) return at;
  throw broken();
}

/** Writers that stream put sizes into an extra field of 64-bit numbers, in this order, each only where it is needed. */
function sizes(size: number, packedSize: number, extra: Buffer): Pick<Part, 'size' | 'packedSize'> {
  if (size !== IN_ZIP64 && packedSize !== IN_ZIP64) return { size, packedSize };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const numbers = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    if (numbers.length < (size === IN_ZIP64 && packedSize === IN_ZIP64 ? 16 : 8)) break;
    return {
      size: size === IN_ZIP64 ? Number(numbers.readBigUInt64LE(0)) : size,
      packedSize: packedSize === IN_ZIP64 ? Number(numbers.readBigUInt64LE(size === IN_ZIP64 ? 8 : 0)) : packedSize,
    };
  }
  throw broken();
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const broken = (cause?: unknown): RefusedFile =>
  new RefusedFile('unreadable', 'The file is no whole zip archive', { cause });

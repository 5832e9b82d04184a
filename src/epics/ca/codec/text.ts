import { isUtf8 } from 'node:buffer';

/** Every payload is a multiple of 8 bytes. */
export const paddedLength = (bytes: number): number => Math.ceil(bytes / 8) * 8;

export function padded(bytes: Buffer): Buffer {
  const length = paddedLength(bytes.length);
  if (length === bytes.length) return bytes;
  const filled = Buffer.alloc(length);
  bytes.copy(filled);
  return filled;
}

/** A name, or a single text to write, as a payload: ended by at least one zero, filled up to 8 bytes. */
export function encodeName(name: string): Buffer {
  const payload = Buffer.allocUnsafe(paddedLength(Buffer.byteLength(name) + 1));
  return payload.fill(0, payload.write(name));
}

/**
 * The text in a field of fixed size, up to its first zero. EPICS has no encoding of its own: most IOCs hold UTF-8, old
 * databases Latin-1 (the degree and micro signs in units), and neither must arrive as replacement characters.
 */
export function decodeText(bytes: Buffer, offset = 0, length = bytes.length - offset): string {
  const limit = Math.min(offset + length, bytes.length);
  const zero = bytes.indexOf(0, offset);
  const text = bytes.subarray(offset, zero < 0 || zero > limit ? limit : zero);
  return text.toString(isUtf8(text) ? 'utf8' : 'latin1');
}

/** Writes text and its final zero into a field of fixed size; what does not fit is cut between two characters. */
export function writeText(text: string, field: Buffer): void {
  field[field.write(text, 0, field.length - 1, 'utf8')] = 0;
}

/** Where bytes stop being UTF-8, as Python's decoder says it. */
export function utf8Fault(bytes: Uint8Array): string {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] as number;
    const length = sequenceLength(first);
    if (length === 0) return fault(bytes, at, at + 1, 'invalid start byte');
    for (let next = 1; next < length; next++) {
      if (at + next >= bytes.length) return fault(bytes, at, bytes.length, 'unexpected end of data');
      if (!continues(first, next, bytes[at + next] as number)) {
        return fault(bytes, at, at + next, 'invalid continuation byte');
      }
    }
    at += length;
  }
  return "'utf-8' codec can't decode the bytes";
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Overlong forms, surrogates and what lies beyond the last code point show in the second byte. */
function continues(first: number, index: number, byte: number): boolean {
  if (byte < 0x80 || byte > 0xbf) return false;
  if (index !== 1) return true;
  if (first === 0xe0) return byte >= 0xa0;
  if (first === 0xed) return byte <= 0x9f;
  if (first === 0xf0) return byte >= 0x90;
  return first !== 0xf4 || byte <= 0x8f;
}

function fault(bytes: Uint8Array, from: number, to: number, why: string): string {
  if (to - from > 1) return `'utf-8' codec can't decode bytes in position ${from}-${to - 1}: ${why}`;
  const hex = (bytes[from] as number).toString(16).padStart(2, '0');
  return `'utf-8' codec can't decode byte 0x${hex} in position ${from}: ${why}`;
}

/** A whole number as Python's `int` reads it from a text, spaces, sign and underscores included; else the text. */
export function integerOrText(word: string): number | bigint | string {
  const text = word.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(text)) return word;
  const value = BigInt(text.replaceAll('_', '').replace(/^\+/, ''));
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Console output as every client reads it, which says that some of it never came to this one. */
export function gapFrame(missed: number): Buffer {
  const msg = `... ${missed} messages are missing here: this client reads too slowly ...\n`;
  return Buffer.from(JSON.stringify({ time: Date.now() / 1000, msg }));
}

import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';

/**
 * The text that proves a manager may read the worker's folder. Who starts first makes the file; both then read it.
 * @throws Error when others may read it, or it is empty
 */
export function readToken(file: string): string {
  createIfMissing(file);
  chmodSync(file, 0o600);
  const token = readFileSync(file, 'utf8').trim();
  if (token === '') throw new Error(`The token file '${file}' is empty: remove it, and a new one is made`);
  return token;
}

/** Linked into place whole, so that a reader never finds it half written and the first of two makers wins. */
function createIfMissing(file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    readFileSync(file);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';

/** The secret by which a manager proves to the worker that it may read the folder. Made once, read by both. */
export function ensureTokenFile(file: string): void {
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // one that exists is shared with what still runs
  }
}

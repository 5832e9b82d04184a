import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { DataFolders } from './data-folders.ts';

/**
 * The key of the single user, made at the first start and kept for its owner alone, with a file that `curl -H @…` reads.
 * Returns the key when it was made now: it is shown once, and only on a terminal.
 */
export function ensureSingleUserKey({ keyFile, authHeaderFile }: DataFolders): string | null {
  if (existsSync(keyFile) && existsSync(authHeaderFile)) return null;
  const key = randomBytes(24).toString('hex');
  writeFileSync(keyFile, key, { mode: 0o600 });
  writeFileSync(authHeaderFile, `Authorization: ApiKey ${key}\n`, { mode: 0o600 });
  return key;
}

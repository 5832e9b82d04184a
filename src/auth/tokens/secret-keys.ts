import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** HS256 wants a key as long as its digest (RFC 7518, 3.2): with a shorter one anybody can try all of them at home. */
const LEAST_BYTES = 32;
/** `aaaa…` is long, too. */
const LEAST_CHARACTERS = 8;

/**
 * The keys that sign tokens: those of the configuration, else the one in `file`, made for its owner alone when there is
 * none yet, so that sessions outlive a restart.
 * @throws RangeError for a weak key, by its place and the rule; never with the key itself
 */
export function secretKeys(given: readonly string[], file: string): readonly string[] {
  given.forEach((key, n) => refuseWeak(key, `Secret key ${n + 1} of ${given.length}`));
  return given.length > 0 ? given : [keptKey(file)];
}

function refuseWeak(key: string, name: string): void {
  const advice = 'make one with: openssl rand -hex 32';
  const bytes = Buffer.byteLength(key);
  if (bytes < LEAST_BYTES) {
    throw new RangeError(`${name} is weak: it must have at least ${LEAST_BYTES} bytes, received ${bytes}; ${advice}`);
  }
  const characters = new Set(key).size;
  if (characters < LEAST_CHARACTERS) {
    const rule = `it must have at least ${LEAST_CHARACTERS} different characters, received ${characters}`;
    throw new RangeError(`${name} is weak: ${rule}; ${advice}`);
  }
}

function keptKey(file: string): string {
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(file, 'utf8').trim();
  refuseWeak(key, `The secret key in ${file}`);
  return key;
}

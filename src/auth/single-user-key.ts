import { hash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The key of a gateway without accounts. Only its digest is kept, and comparing takes the same time for every guess. */
export class SingleUserKey {
  readonly #digest: Buffer;

  /** @throws RangeError when it has other characters than letters and digits, which get lost in URLs */
  constructor(key: string) {
    if (!/^[\p{L}\p{N}]+$/u.test(key)) {
      throw new RangeError('The API key must only contain alphanumeric characters, since it may stand in a URL.');
    }
    this.#digest = digest(key);
  }

  matches(key: string): boolean {
    return timingSafeEqual(digest(key), this.#digest);
  }
}

/**
 * The key of the environment goes before the one made at first start. Null when there is neither: no key opens anything.
 * @throws RangeError for a key that the original refuses, Error for a file that cannot be read
 */
export function singleUserKey(fromEnvironment: string | null, file: string | null): SingleUserKey | null {
  if (fromEnvironment !== null) return new SingleUserKey(fromEnvironment);
  return file === null ? null : new SingleUserKey(readFileSync(file, 'utf8').trim());
}

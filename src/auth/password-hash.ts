import { hash, timingSafeEqual } from 'node:crypto';
import { hash as argon2id, verify } from '@node-rs/argon2';

/** How a hash is recognised beside the plain passwords of the original's configurations. */
export const isPasswordHash = (text: string): boolean => text.startsWith('$argon2id$');

/** `$argon2id$v=19$m=19456,t=2,p=1$…`: the salt and the cost stand in it, so that either may change later. */
export const passwordHash = (password: string): Promise<string> => argon2id(password);

/** False, too, when `stored` is no hash that can be read. */
export async function matchesHash(stored: string, password: string): Promise<boolean> {
  try {
    return await verify(stored, password);
  } catch {
    return false; // a damaged hash is nobody's password
  }
}

/** Takes the same time wherever the two differ, and however long they are. */
export const isSameText = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'));

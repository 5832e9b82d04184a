import { isPasswordHash, isSameText, matchesHash } from '../password-hash.ts';
import type { Authenticated, PasswordAuthenticator } from './authenticator.ts';

/** No password is the empty one, so this stands for the password of whoever is not there. */
const NO_PASSWORD = '';

/**
 * Users and passwords from the configuration: each as an argon2id hash that `beamgate passwd` makes, or plain, as the
 * original takes them. As soon as one is hashed every attempt costs one hash, so that how long an answer takes tells
 * neither who has an account nor whose password is plain.
 */
export class DictionaryAuthenticator implements PasswordAuthenticator {
  readonly mode = 'password';
  readonly #passwords: ReadonlyMap<string, string>;
  readonly #anyHash: string | undefined;

  constructor(usersToPasswords: Readonly<Record<string, string>>) {
    this.#passwords = new Map(Object.entries(usersToPasswords));
    this.#anyHash = Object.values(usersToPasswords).find(isPasswordHash);
  }

  async authenticate(userName: string, password: string): Promise<Authenticated | undefined> {
    const stored = this.#passwords.get(userName) ?? NO_PASSWORD;
    const isHashed = isPasswordHash(stored);
    const isHashRight = this.#anyHash !== undefined && (await matchesHash(isHashed ? stored : this.#anyHash, password));
    const isTextRight = isSameText(stored, password) && stored !== NO_PASSWORD;
    return (isHashed ? isHashRight : isTextRight) ? { userName } : undefined;
  }
}

import { hash, randomBytes } from 'node:crypto';
import { listText } from '../../lib/python-text/repr.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { Scope } from '../../protocol/methods/define-method.ts';
import type { Actor, Audit } from '../audit-log.ts';
import { INHERIT } from '../principal.ts';
import { invalidApiKey } from '../refusal.ts';
import type { AuthStore, StoredKey } from '../store/store.ts';

/** A hundred years: dates beyond what calendars know are no lifetime. */
export const LONGEST_KEY_SECONDS = 100 * 366 * 24 * 60 * 60;

/** 32 bytes to be guessed, and four that are shown as the first eight digits. */
const SECRET_BYTES = 36;

export interface KeyWanted {
  /** Seconds; null: it does not end. */
  readonly expiresIn: number | null;
  /** null: whatever its principal may, or what the key that asks for it may. */
  readonly scopes: readonly string[] | null;
  readonly note: string | null;
}

/** Whose key it will be, and what it may hold at most. */
export interface KeyOwner {
  readonly principal: string;
  readonly scopes: ReadonlySet<string>;
  /** The scopes of the key that was shown; absent: none was. A key makes none that may do more. */
  readonly shown?: readonly string[] | undefined;
}

/**
 * The hash by which a key is found: SHA-256 of its bytes, as the original keeps it, so that its keys go on. The secret is
 * random throughout, so a slow hash would protect nothing.
 * @throws Refusal for what is no hexadecimal number
 */
export function hashOfSecret(secret: string, scope?: Scope): string {
  if (!/^(?:[0-9a-f]{2})+$/i.test(secret)) throw invalidApiKey(scope);
  return hash('sha256', Buffer.from(secret, 'hex'), 'hex');
}

/** Keys that programs show instead of a person. */
export class ApiKeys {
  readonly #store: AuthStore;
  readonly #audit: Audit;
  readonly #now: () => number;

  constructor(store: AuthStore, audit: Audit, now: () => number) {
    this.#store = store;
    this.#audit = audit;
    this.#now = now;
  }

  /**
   * The key and its secret, which is told this once.
   * @throws KEY_EXCEEDS_SCOPES
   */
  async make(owner: KeyOwner, wanted: KeyWanted, by: Actor): Promise<{ key: StoredKey; secret: string }> {
    const scopes = scopesOf(owner, wanted.scopes);
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const key: StoredKey = {
      hash: hashOfSecret(secret),
      firstEight: secret.slice(0, 8),
      principal: owner.principal,
      scopes,
      note: wanted.note,
      latestActivity: null,
      expiresAt: wanted.expiresIn === null ? null : Math.floor(this.#now()) + wanted.expiresIn,
    };
    await this.#store.addKey(key);
    this.#audit.record(by, { what: 'key made', ...told(key), scopes });
    return { key, secret };
  }

  /**
   * The key that is shown.
   * @throws Refusal
   */
  async shown(secret: string): Promise<StoredKey> {
    const key = await this.#store.key(hashOfSecret(secret));
    if (key === null || !isGood(key, this.#now())) throw invalidApiKey();
    return key;
  }

  /**
   * Its owner needs it no more: what it has opened stays open.
   * @throws NO_SUCH_KEY
   */
  async delete(principal: string, firstEight: string, by: Actor): Promise<void> {
    const key = await this.#keyOf(principal, firstEight);
    await this.#store.deleteKey(key.hash);
    this.#audit.record(by, { what: 'key deleted', ...told(key) });
  }

  /**
   * An administrator takes it away: what it has opened is closed.
   * @throws NO_SUCH_KEY
   */
  async revoke(principal: string, firstEight: string, by: Actor): Promise<void> {
    const key = await this.#keyOf(principal, firstEight);
    await this.#store.revokeKey(key.hash, this.#now());
    this.#audit.record(by, { what: 'key revoked', ...told(key) });
  }

  async #keyOf(principal: string, firstEight: string): Promise<StoredKey> {
    const keys = await this.#store.keysOf(principal);
    const key = keys.find((each) => each.firstEight === firstEight.slice(0, 8));
    if (key === undefined) throw coded('NO_SUCH_KEY', {});
    return key;
  }
}

export const isGood = ({ expiresAt }: StoredKey, now: number): boolean => expiresAt === null || expiresAt >= now;

const told = ({ firstEight, principal, expiresAt }: StoredKey) => ({
  first_eight: firstEight,
  of: principal,
  expires_at: expiresAt,
});

/** As the original: what is not said is inherited, and nothing is given that is not held. */
function scopesOf({ scopes: held, shown }: KeyOwner, wanted: readonly string[] | null): readonly string[] {
  const limit = shown === undefined || shown.includes(INHERIT) ? held : new Set(shown);
  const inherited = shown === undefined || shown.includes(INHERIT) ? [INHERIT] : shown;
  const scopes = wanted === null || wanted.includes(INHERIT) ? inherited : [...new Set(wanted)];
  if (scopes.every((scope) => scope === INHERIT || limit.has(scope))) return scopes;
  const lists = { requested: listText(scopes.toSorted()), allowed: listText([...limit].toSorted()) };
  throw coded('KEY_EXCEEDS_SCOPES', lists);
}

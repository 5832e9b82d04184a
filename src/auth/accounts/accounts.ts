import type { Scope } from '../../protocol/methods/define-method.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { User } from '../access-policy.ts';
import { SPECIAL_USERS } from '../access/user-table.ts';
import type { AccountsConfig } from '../accounts-config.ts';
import type { Actor, Audit } from '../audit-log.ts';
import type { Provider } from '../authenticators/authenticator.ts';
import { withAccount } from '../principal.ts';
import type { Principal, Standing } from '../principal.ts';
import { accessTokenExpired, invalidApiKey, permissionsRevoked, sessionExpired } from '../refusal.ts';
import { isOver } from '../store/store.ts';
import type { AuthStore, StoredKey, StoredPrincipal, StoredSession } from '../store/store.ts';
import { Tokens } from '../tokens/tokens.ts';
import { ApiKeys, hashOfSecret, isGood } from './api-keys.ts';
import { AccountRecords } from './records.ts';
import { Sessions } from './sessions.ts';
import { SignInThrottle } from './throttle.ts';

export interface AccountsParts {
  readonly config: AccountsConfig;
  readonly secretKeys: readonly string[];
  readonly store: AuthStore;
  readonly audit: Audit;
  /** A failure that no caller waits for. */
  readonly onError: (error: unknown) => void;
  /** Seconds since 1970. */
  readonly now?: () => number;
}

/** Everything that is kept of one principal. */
export interface Account {
  readonly principal: StoredPrincipal;
  readonly sessions: readonly StoredSession[];
  readonly keys: readonly StoredKey[];
}

/** That a key is used is noted at most so often. */
const NOTE_SECONDS = 60;
const MOST_NOTED = 10_000;
const PURGE_MS = 10 * 60 * 1000;

/** The accounts of a gateway: who signs in, and who it is that shows a token or a key. */
export class Accounts {
  readonly providers: readonly Provider[];
  readonly sessions: Sessions;
  readonly keys: ApiKeys;
  readonly store: AuthStore;
  readonly #config: AccountsConfig;
  readonly #audit: Audit;
  readonly #tokens: Tokens;
  readonly #records: AccountRecords;
  readonly #noted = new Map<string, number>();
  readonly #onError: (error: unknown) => void;
  readonly #now: () => number;
  #purging: NodeJS.Timeout | undefined;

  constructor({ config, secretKeys, store, audit, onError, now = () => Date.now() / 1000 }: AccountsParts) {
    this.providers = config.providers;
    this.store = store;
    this.#config = config;
    this.#audit = audit;
    this.#now = now;
    this.#onError = onError;
    this.#records = new AccountRecords(store);
    this.#tokens = new Tokens(secretKeys, config.lifetimes, now);
    this.keys = new ApiKeys(store, audit, now);
    this.sessions = new Sessions({
      config,
      store,
      audit,
      now,
      tokens: this.#tokens,
      throttle: new SignInThrottle(store),
      admit: (standing) => this.#admit(standing),
    });
  }

  /** Forgets what is over, now and from time to time. */
  start(): void {
    const purge = () => void this.store.purge(this.#now()).catch(this.#onError);
    purge();
    this.#purging = setInterval(purge, PURGE_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#purging);
    await this.store.close();
  }

  /** @throws Refusal: expired, not ours, or its session is over */
  async principalOfToken(token: string): Promise<Principal> {
    const { principal, session: uuid, expiresAt } = await this.#tokens.readAccess(token);
    const session = await this.#liveSession(uuid, principal);
    const until = Math.min(expiresAt, session.expiresAt ?? Infinity);
    return this.#admit({ principal, session: uuid, until });
  }

  /** @throws Refusal, which names the scope that was wanted */
  async principalOfKey(secret: string, scope: Scope | undefined): Promise<Principal> {
    const key = await this.#records.key(hashOfSecret(secret, scope));
    if (key === null || !isGood(key, this.#now())) throw invalidApiKey(scope);
    this.#noteUse(key);
    return this.#admit({ principal: key.principal, key: key.hash, keyScopes: key.scopes });
  }

  /**
   * Who it is now that was admitted on this. A key that its owner has deleted, or that has run out, still stands behind what
   * it has opened: the Python client deletes its key right after connecting.
   * @throws Refusal when it holds no more
   */
  async review(standing: Standing): Promise<Principal> {
    if (standing.until !== undefined && standing.until <= this.#now()) throw accessTokenExpired();
    if (standing.session !== undefined) await this.#liveSession(standing.session, standing.principal);
    if (standing.key !== undefined && (await this.store.isRevoked(standing.key))) throw invalidApiKey();
    return this.#admit(standing);
  }

  /** @throws NO_SUCH_PRINCIPAL */
  async account(uuid: string): Promise<Account> {
    const principal = await this.store.principal(uuid);
    if (principal === null) throw coded('NO_SUCH_PRINCIPAL', { uuid });
    return this.#whole(principal);
  }

  async all(): Promise<Account[]> {
    return Promise.all((await this.store.principals()).map((principal) => this.#whole(principal)));
  }

  /** What a principal may by itself, whatever key or session it comes with; nothing when it may not come in. */
  async scopesOf(uuid: string): Promise<ReadonlySet<Scope>> {
    const users = this.#usersOf((await this.account(uuid)).principal);
    return isSome(users) ? withAccount(this.#config.policy, users, { principal: uuid }).scopes : new Set();
  }

  /** @throws NO_SUCH_PRINCIPAL */
  async disable(uuid: string, isDisabled: boolean, by: Actor): Promise<void> {
    if (!(await this.store.disable(uuid, isDisabled))) throw coded('NO_SUCH_PRINCIPAL', { uuid });
    this.#audit.record(by, { what: isDisabled ? 'principal disabled' : 'principal enabled', of: uuid });
  }

  async #admit(standing: Standing): Promise<Principal> {
    const principal = await this.#records.principal(standing.principal);
    const users = principal === null || principal.isDisabled ? [] : this.#usersOf(principal);
    if (!isSome(users)) throw permissionsRevoked();
    return withAccount(this.#config.policy, users, standing);
  }

  async #liveSession(uuid: string, principal: string): Promise<StoredSession> {
    const session = await this.#records.session(uuid);
    const isLive = session !== null && session.principal === principal && !isOver(session, this.#now());
    if (!isLive) throw sessionExpired();
    return session;
  }

  /**
   * The identities that count: of a provider that is still configured, and known to the policy. The names of those without an
   * account, which every policy knows, are nobody's at any provider.
   */
  #usersOf({ identities }: StoredPrincipal): User[] {
    return identities
      .filter(({ provider }) => this.providers.some(({ name }) => name === provider))
      .map(({ id, provider, groups }) => ({ userName: id, provider, groups }))
      .filter((user) => !SPECIAL_USERS.has(user.userName) && this.#config.policy.isKnown(user));
  }

  async #whole(principal: StoredPrincipal): Promise<Account> {
    const { uuid } = principal;
    return { principal, sessions: await this.store.sessionsOf(uuid), keys: await this.store.keysOf(uuid) };
  }

  #noteUse({ hash, latestActivity }: StoredKey): void {
    const now = Math.floor(this.#now());
    if (now - (this.#noted.get(hash) ?? latestActivity ?? 0) < NOTE_SECONDS) return;
    if (this.#noted.size >= MOST_NOTED) this.#noted.clear();
    this.#noted.set(hash, now);
    // Nobody is turned away because a note could not be taken.
    void this.store.keyWasUsed(hash, now).catch(this.#onError);
  }
}

const isSome = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;

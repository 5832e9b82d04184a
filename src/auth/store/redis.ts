import { randomUUID } from 'node:crypto';
import { RedisConnection } from '../../lib/redis-connection.ts';
import { coded } from '../../protocol/error-codes.ts';
import { keyFields, keyOf, overAt, principalOf, refOf, sessionFields, sessionOf } from './redis-fields.ts';
import { SCRIPTS } from './redis-scripts.ts';
import { REVOCATION_SECONDS } from './store.ts';
import type {
  AuthChange,
  AuthStore,
  Rotation,
  SignedIn,
  StoredKey,
  StoredPrincipal,
  StoredSession,
  TakenOver,
} from './store.ts';

export interface RedisAuthStoreOptions {
  /** `redis://…`; a password in it is told to nobody. */
  readonly address: string;
  readonly namePrefix: string;
}

const OWNER = 'beamgate-accounts';

/**
 * Opens the accounts in a Redis, for gateways that share them: what one changes the others hear at once. While Redis is
 * away requests with accounts are refused, and it comes back by itself.
 * @throws ACCOUNTS_AWAY when there is none to begin with
 */
export async function openRedisAuthStore(options: RedisAuthStoreOptions): Promise<AuthStore> {
  const store = new RedisAuthStore(options);
  try {
    await store.connect();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class RedisAuthStore implements AuthStore {
  readonly #redis: RedisConnection;
  /** Whoever listens on a connection can ask nothing on it. */
  readonly #ear: RedisConnection;
  readonly #prefix: string;
  readonly #listeners = new Set<(change: AuthChange) => void>();
  #hears = false;

  constructor({ address, namePrefix }: RedisAuthStoreOptions) {
    this.#prefix = `${namePrefix}:`;
    this.#redis = new RedisConnection(address, OWNER, { away: () => undefined, back: () => undefined });
    this.#ear = new RedisConnection(address, OWNER, {
      away: () => this.#deaf(),
      back: () => void this.#listen().catch(() => this.#deaf()),
    });
  }

  get hearsChanges(): boolean {
    return this.#hears;
  }

  async connect(): Promise<void> {
    await this.#asked(async () => {
      await this.#redis.connect();
      await this.#ear.connect();
      await this.#listen();
    });
  }

  async signIn({ provider, id, groups }: SignedIn, at: number): Promise<StoredPrincipal> {
    const args = [refOf(provider, id), JSON.stringify(groups), String(at), randomUUID()];
    const principal = principalOf(await this.#run('signIn', ...args)) as StoredPrincipal; // the script has just made it
    this.#tell({ kind: 'principal', id: principal.uuid });
    return principal;
  }

  async principal(uuid: string): Promise<StoredPrincipal | null> {
    return principalOf(await this.#run('principal', uuid));
  }

  async principalOf(provider: string, id: string): Promise<StoredPrincipal | null> {
    return principalOf(await this.#run('principalOf', refOf(provider, id)));
  }

  async principals(): Promise<StoredPrincipal[]> {
    return present((await this.#run('principals')).map(principalOf));
  }

  async disable(uuid: string, isDisabled: boolean): Promise<boolean> {
    return (await this.#change('principal', uuid, 'disable', uuid, isDisabled ? '1' : '0'))[0] === 1;
  }

  async addSession(session: StoredSession): Promise<void> {
    const { uuid, principal } = session;
    const args = ['s', 'session', uuid, principal, String(overAt(session)), ...sessionFields(session)];
    await this.#change('session', uuid, 'put', ...args);
  }

  async session(uuid: string): Promise<StoredSession | null> {
    return sessionOf(await this.#call('HGETALL', `s:${uuid}`));
  }

  async sessionsOf(principal: string): Promise<StoredSession[]> {
    return present((await this.#run('listOf', 's', principal)).map(sessionOf));
  }

  async rotate(uuid: string, { from, to, at, idleUntil }: Rotation): Promise<StoredSession | null> {
    return sessionOf(await this.#change('session', uuid, 'rotate', uuid, from, to, String(at), String(idleUntil)));
  }

  async endSession(uuid: string): Promise<boolean> {
    return (await this.#change('session', uuid, 'endSession', uuid))[0] === 1;
  }

  async addKey(key: StoredKey): Promise<void> {
    const args = ['k', 'key', key.hash, key.principal, overText(key), ...keyFields(key)];
    await this.#change('key', key.hash, 'put', ...args);
  }

  async key(hash: string): Promise<StoredKey | null> {
    return keyOf(await this.#call('HGETALL', `k:${hash}`));
  }

  async keysOf(principal: string): Promise<StoredKey[]> {
    return present((await this.#run('listOf', 'k', principal)).map(keyOf));
  }

  async keyWasUsed(hash: string, at: number): Promise<void> {
    await this.#run('keyWasUsed', hash, String(at));
  }

  async deleteKey(hash: string): Promise<void> {
    await this.#change('key', hash, 'dropKey', hash);
  }

  async revokeKey(hash: string, at: number): Promise<void> {
    await this.#change('key', hash, 'dropKey', hash, String(at));
  }

  async isRevoked(hash: string): Promise<boolean> {
    return (await this.#call('ZSCORE', 'revoked', hash)) !== null;
  }

  async takeOver(principals: readonly StoredPrincipal[], keys: readonly StoredKey[]): Promise<TakenOver> {
    const people = principals.map(({ uuid, type, isDisabled, identities }) => ({
      uuid,
      type,
      disabled: isDisabled ? '1' : '0',
      identities: identities.map(({ provider, id, groups, latestLogin }) => ({
        ref: refOf(provider, id),
        groups: JSON.stringify(groups),
        login: latestLogin === null ? '' : String(latestLogin),
      })),
    }));
    const theirs = keys.map((key) => ({
      hash: key.hash,
      principal: key.principal,
      over: overText(key),
      fields: keyFields(key),
    }));
    const reply = await this.#run('takeOver', JSON.stringify(people), JSON.stringify(theirs));
    this.#tell({ kind: 'anything' });
    return { principals: Number(reply[0]), keys: Number(reply[1]) };
  }

  async purge(now: number): Promise<void> {
    await this.#run('purge', String(now), String(now - REVOCATION_SECONDS));
  }

  async countAttempt(name: string, seconds: number): Promise<number> {
    return Number((await this.#run('countAttempt', name, String(seconds)))[0]);
  }

  async forgetAttempts(name: string): Promise<void> {
    await this.#call('DEL', `a:${name}`);
  }

  onChange(listener: (change: AuthChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#redis.close();
    this.#ear.close();
  }

  async #listen(): Promise<void> {
    await this.#ear.listen(`${this.#prefix}changes`, (message) => this.#tell(changeOf(message)));
    this.#hears = true;
    // Whatever happened while nobody listened.
    this.#tell({ kind: 'anything' });
  }

  #deaf(): void {
    if (!this.#hears) return;
    this.#hears = false;
    this.#tell({ kind: 'anything' });
  }

  #tell(change: AuthChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Told here at once: the next request must not be answered by what was, and Redis tells everybody a moment later. */
  async #change(
    kind: 'principal' | 'session' | 'key',
    id: string,
    script: keyof typeof SCRIPTS,
    ...args: string[]
  ): Promise<unknown[]> {
    const reply = await this.#run(script, ...args);
    this.#tell({ kind, id });
    return reply;
  }

  #run(script: keyof typeof SCRIPTS, ...args: string[]): Promise<unknown[]> {
    return this.#asked(() => this.#redis.run(SCRIPTS[script], [this.#prefix], args));
  }

  #call(command: string, key: string, ...args: string[]): Promise<unknown> {
    return this.#asked(() => this.#redis.call(command, this.#prefix + key, ...args));
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw coded('ACCOUNTS_AWAY', { store: this.#redis.name, reason: (cause as Error).message }, { cause });
    }
  }
}

const overText = ({ expiresAt }: StoredKey): string => (expiresAt === null ? '' : String(expiresAt));

const present = <T>(records: readonly (T | null)[]): T[] => records.filter((record) => record !== null);

function changeOf(message: string): AuthChange {
  const [kind, id = ''] = message.split(' ', 2);
  return kind === 'principal' || kind === 'session' || kind === 'key' ? { kind, id } : { kind: 'anything' };
}

import type { AuthChange, AuthStore, StoredKey, StoredPrincipal, StoredSession } from '../store/store.ts';

const MOST_RECORDS = 10_000;

/** Records by id, as they were read: a promise, so that one that changes while it is being read is not kept. */
class Remembered<T> {
  readonly #records = new Map<string, Promise<T>>();

  get(id: string, read: () => Promise<T>): Promise<T> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    if (this.#records.size >= MOST_RECORDS) this.forget(this.#records.keys().next().value ?? '');
    const reading = read();
    this.#records.set(id, reading);
    // Who asked hears of the failure; whoever asks next tries again.
    reading.catch(() => this.#records.get(id) === reading && this.forget(id));
    return reading;
  }

  forget(id: string): void {
    this.#records.delete(id);
  }

  clear(): void {
    this.#records.clear();
  }
}

/**
 * What each request asks of the store, remembered until the store tells that it has changed: an account costs a request no
 * more than the single user's key does.
 */
export class AccountRecords {
  readonly #store: AuthStore;
  readonly #principals = new Remembered<StoredPrincipal | null>();
  readonly #sessions = new Remembered<StoredSession | null>();
  readonly #keys = new Remembered<StoredKey | null>();

  constructor(store: AuthStore) {
    this.#store = store;
    // Never left: the store closes after whoever reads it.
    store.onChange((change) => this.#forget(change));
  }

  principal(uuid: string): Promise<StoredPrincipal | null> {
    return this.#recall(this.#principals, uuid, () => this.#store.principal(uuid));
  }

  session(uuid: string): Promise<StoredSession | null> {
    return this.#recall(this.#sessions, uuid, () => this.#store.session(uuid));
  }

  /** One that is not there is not remembered: else guessing keys would push out those that are used. */
  async key(hash: string): Promise<StoredKey | null> {
    const key = await this.#recall(this.#keys, hash, () => this.#store.key(hash));
    if (key === null) this.#keys.forget(hash);
    return key;
  }

  #recall<T>(among: Remembered<T>, id: string, read: () => Promise<T>): Promise<T> {
    return this.#store.hearsChanges ? among.get(id, read) : read();
  }

  #forget(change: AuthChange): void {
    if (change.kind === 'principal') this.#principals.forget(change.id);
    if (change.kind === 'session') this.#sessions.forget(change.id);
    if (change.kind === 'key') this.#keys.forget(change.id);
    if (change.kind === 'anything') for (const all of [this.#principals, this.#sessions, this.#keys]) all.clear();
  }
}

/**
 * Where accounts live: who has signed in, their sessions and their API keys. Each method is one transaction: once it
 * resolves the change survives a power cut, and if it rejects nothing has changed. No secret is stored: of an API key its
 * SHA-256, of a refresh token its id. Times are seconds since 1970.
 */
export interface AuthStore {
  /** The principal of an identity, made when the identity is new; its groups and its latest sign-in are kept. */
  signIn(identity: SignedIn, at: number): Promise<StoredPrincipal>;
  principal(uuid: string): Promise<StoredPrincipal | null>;
  principalOf(provider: string, id: string): Promise<StoredPrincipal | null>;
  /** In the order in which they came. */
  principals(): Promise<StoredPrincipal[]>;
  /** False when there is no such principal. */
  disable(uuid: string, isDisabled: boolean): Promise<boolean>;

  addSession(session: StoredSession): Promise<void>;
  session(uuid: string): Promise<StoredSession | null>;
  sessionsOf(principal: string): Promise<StoredSession[]>;
  /** The session with its next token, or null when `from` is not its present one: of two who ask, one gets it. */
  rotate(uuid: string, step: Rotation): Promise<StoredSession | null>;
  /** False when there is no such session. */
  endSession(uuid: string): Promise<boolean>;

  addKey(key: StoredKey): Promise<void>;
  key(hash: string): Promise<StoredKey | null>;
  keysOf(principal: string): Promise<StoredKey[]>;
  keyWasUsed(hash: string, at: number): Promise<void>;
  /** Its owner needs it no more. */
  deleteKey(hash: string): Promise<void>;
  /** An administrator takes it away: that is remembered, since sockets that it opened end. */
  revokeKey(hash: string, at: number): Promise<void>;
  isRevoked(hash: string): Promise<boolean>;

  /** Takes principals and keys over from another store, those left out that are here already. */
  takeOver(principals: readonly StoredPrincipal[], keys: readonly StoredKey[]): Promise<TakenOver>;
  /** Forgets what is over: sessions and keys by their end, revocations after a month. */
  purge(now: number): Promise<void>;

  /** One more attempt under this name within `seconds` of the first; how many there are now. */
  countAttempt(name: string, seconds: number): Promise<number>;
  forgetAttempts(name: string): Promise<void>;

  /** Calls back after each change, whoever made it; gives back what ends that. */
  onChange(listener: (change: AuthChange) => void): () => void;
  /** False while changes that others make could go unheard: then nothing that was read may be believed later. */
  readonly hearsChanges: boolean;
  close(): Promise<void>;
}

/** What has changed: a record by its UUID or hash, or there is no telling what. */
export type AuthChange =
  { readonly kind: 'principal' | 'session' | 'key'; readonly id: string } | { readonly kind: 'anything' };

export interface SignedIn {
  readonly provider: string;
  /** The user's name there. */
  readonly id: string;
  readonly groups: readonly string[];
}

export interface StoredIdentity extends SignedIn {
  readonly latestLogin: number | null;
}

export interface StoredPrincipal {
  readonly uuid: string;
  readonly type: 'user' | 'service';
  readonly isDisabled: boolean;
  readonly identities: readonly StoredIdentity[];
}

export interface StoredSession {
  readonly uuid: string;
  readonly principal: string;
  readonly createdAt: number;
  readonly refreshedAt: number | null;
  /** Its end, whatever is done with it; null: there is none. */
  readonly expiresAt: number | null;
  /** The end of its last refresh token: then it is over, too. */
  readonly idleUntil: number;
  readonly isEnded: boolean;
  /** The id of the refresh token that is good now, and of the one before. */
  readonly token: string;
  readonly previousToken: string | null;
}

export interface Rotation {
  readonly from: string;
  readonly to: string;
  readonly at: number;
  readonly idleUntil: number;
}

export interface StoredKey {
  /** SHA-256 of the secret's bytes, in hex. */
  readonly hash: string;
  /** Of the secret in hex: by them its owner tells it from others. */
  readonly firstEight: string;
  readonly principal: string;
  /** `inherit` stands for whatever its principal may. */
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
  readonly latestActivity: number | null;
  readonly note: string | null;
}

export interface TakenOver {
  readonly principals: number;
  readonly keys: number;
}

/** How long a revocation is remembered: longer than any socket that rests on the key stays unheard of it. */
export const REVOCATION_SECONDS = 30 * 24 * 60 * 60;

export const isOver = (session: StoredSession, now: number): boolean =>
  session.isEnded || session.idleUntil < now || (session.expiresAt !== null && session.expiresAt < now);

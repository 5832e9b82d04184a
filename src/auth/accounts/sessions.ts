import { randomUUID } from 'node:crypto';
import { coded, CodedError } from '../../protocol/error-codes.ts';
import { SPECIAL_USERS } from '../access/user-table.ts';
import type { AccountsConfig } from '../accounts-config.ts';
import type { Actor, Audit } from '../audit-log.ts';
import type { Authenticated, PasswordAuthenticator } from '../authenticators/authenticator.ts';
import type { Principal } from '../principal.ts';
import { Refusal, sessionExpired } from '../refusal.ts';
import { isOver } from '../store/store.ts';
import type { AuthStore, StoredSession } from '../store/store.ts';
import type { Claims, TokenPair, Tokens } from '../tokens/tokens.ts';
import type { SignInThrottle } from './throttle.ts';

/** Where a request came from, for the audit log and the throttle. */
export interface Caller {
  readonly address: string;
  readonly request: string;
}

export interface SessionParts {
  readonly config: AccountsConfig;
  readonly store: AuthStore;
  readonly tokens: Tokens;
  readonly throttle: SignInThrottle;
  readonly audit: Audit;
  /** Whether somebody may still come in; rejects with a Refusal when not. */
  readonly admit: (standing: { principal: string; session: string }) => Promise<Principal>;
  readonly now: () => number;
}

/** A provider that says nothing for so long is away. */
const PROVIDER_MS = 10_000;
/** Longer names are nobody's, and a longer password would only cost us. */
const LONGEST_NAME = 255;
const LONGEST_PASSWORD = 4096;
/** A client whose answer was lost on the way may ask for it again for so long. */
const REPEAT_SECONDS = 30;

/**
 * Sessions: begun by a sign-in, carried on by refreshing, ended by their owner, by age, or by a refresh token that turns up
 * twice.
 *
 * A refresh token is good once. It is swapped for the next in one step of the store, so of two who show it one gets it. For
 * 30 s the other gets the same answer: it is the same client, which has not seen the first. Later it is a thief or the
 * victim of one, nobody can tell which, and the session ends for both.
 */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** @throws WRONG_PASSWORD, USER_NOT_KNOWN, TOO_MANY_ATTEMPTS, PROVIDER_AWAY */
  async signInWithPassword(
    { name: provider, authenticator }: { name: string; authenticator: PasswordAuthenticator },
    { userName, password }: { userName: string; password: string },
    from: Caller,
  ): Promise<TokenPair> {
    const attempt = { provider, userName: userName.slice(0, LONGEST_NAME), address: from.address };
    try {
      await this.#parts.throttle.count(attempt);
      const isSensible = userName.length <= LONGEST_NAME && password.length <= LONGEST_PASSWORD;
      const who = isSensible ? await this.#authenticated(provider, authenticator, { userName, password }) : undefined;
      if (who === undefined) throw new Refusal('WRONG_PASSWORD', {}, 'Bearer');
      const pair = await this.signIn(provider, who, from);
      await this.#parts.throttle.forget(attempt);
      return pair;
    } catch (error) {
      const why = error instanceof CodedError ? error.code : 'INTERNAL';
      this.#parts.audit.record({ name: attempt.userName, ...from }, { what: 'sign-in refused', provider, why });
      throw error;
    }
  }

  /**
   * Begins a session for somebody who has shown who they are.
   * @throws USER_NOT_KNOWN to the access policy, or disabled
   */
  async signIn(provider: string, { userName, groups = [] }: Authenticated, from: Caller): Promise<TokenPair> {
    const { config, store, tokens, audit } = this.#parts;
    const isKnown = !SPECIAL_USERS.has(userName) && config.policy.isKnown({ userName, provider, groups });
    if (!isKnown) throw new Refusal('USER_NOT_KNOWN', {}, 'Bearer');
    const now = this.#seconds();
    const { uuid: principal, isDisabled } = await store.signIn({ provider, id: userName, groups }, now);
    if (isDisabled) throw new Refusal('USER_NOT_KNOWN', {}, 'Bearer');
    const { session_max_age: most, refresh_token_max_age: idle } = config.lifetimes;
    const session: StoredSession = {
      uuid: randomUUID(),
      principal,
      createdAt: now,
      refreshedAt: null,
      idleUntil: now + idle,
      isEnded: false,
      expiresAt: most === null ? null : now + most,
      token: randomUUID(),
      previousToken: null,
    };
    await store.addSession(session);
    audit.record({ name: userName, principal, ...from }, { what: 'signed in', provider, session: session.uuid });
    return tokens.pairOf(session);
  }

  /** @throws Refusal: not ours, or its session is over */
  async refresh(refreshToken: string, from: Caller): Promise<TokenPair> {
    const { store, tokens, config, admit } = this.#parts;
    const claims = await tokens.readRefresh(refreshToken);
    const now = this.#seconds();
    const session = await store.session(claims.session);
    if (session === null || isOver(session, now) || session.principal !== claims.principal) throw sessionExpired();
    await admit({ principal: session.principal, session: session.uuid });
    const step = {
      from: claims.id,
      to: randomUUID(),
      at: now,
      idleUntil: now + config.lifetimes.refresh_token_max_age,
    };
    return tokens.pairOf((await store.rotate(session.uuid, step)) ?? (await this.#repeated(claims, from)));
  }

  /**
   * Ends a session of one's own.
   * @throws NO_SUCH_SESSION for another's, as for none: nobody learns which there are
   */
  async end(uuid: string, by: Principal, from: Caller): Promise<void> {
    const session = await this.#parts.store.session(uuid);
    const isOwn = session !== null && session.principal === by.standing?.principal;
    if (!isOwn) throw coded('NO_SUCH_SESSION', {});
    await this.#end(session, { name: by.name, principal: session.principal, ...from }, 'asked for');
  }

  /** The session as it is after the step that this token has made already, if that was just now. */
  async #repeated(claims: Claims, from: Caller): Promise<StoredSession> {
    const session = await this.#parts.store.session(claims.session);
    if (session === null || session.isEnded) throw sessionExpired();
    const isRepeat =
      session.previousToken === claims.id && this.#seconds() - (session.refreshedAt ?? 0) <= REPEAT_SECONDS;
    if (isRepeat) return session;
    await this.#end(session, { name: '', principal: session.principal, ...from }, 'a refresh token was used twice');
    throw sessionExpired();
  }

  async #end(session: StoredSession, who: Actor, why: string): Promise<void> {
    await this.#parts.store.endSession(session.uuid);
    this.#parts.audit.record(who, { what: 'session ended', session: session.uuid, why });
  }

  async #authenticated(
    provider: string,
    authenticator: PasswordAuthenticator,
    { userName, password }: { userName: string; password: string },
  ): Promise<Authenticated | undefined> {
    try {
      return await authenticator.authenticate(userName, password, AbortSignal.timeout(PROVIDER_MS));
    } catch (cause) {
      throw coded('PROVIDER_AWAY', { provider, reason: (cause as Error).message }, { cause });
    }
  }

  /** Tokens and the original's times have whole seconds. */
  #seconds(): number {
    return Math.floor(this.#parts.now());
  }
}

import { hash } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { Lifetimes } from '../accounts-config.ts';
import { accessTokenExpired, invalidToken, sessionExpired } from '../refusal.ts';
import type { Refusal } from '../refusal.ts';
import type { StoredSession } from '../store/store.ts';

/** In the words of OAuth2, as the original answers. */
export interface TokenPair {
  readonly access_token: string;
  /** In seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_token_expires_in: number;
  readonly token_type: 'bearer';
}

/** What a token says, once it is believed. */
export interface Claims {
  /** UUIDs of the principal and of the session. */
  readonly principal: string;
  readonly session: string;
  /** Which refresh token of the session it is, or came with. */
  readonly id: string;
  readonly expiresAt: number;
}

type TokenType = 'access' | 'refresh';

const ALGORITHM = 'HS256';
const ISSUER = 'beamgate';
const REQUIRED = ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'type'];
const MOST_REMEMBERED = 10_000;

interface SecretKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/**
 * Signs and reads tokens. The first secret key signs, every one is believed, so that keys can be rotated; which one signed
 * stands in the header. Of one session's refresh token always the same pair is made: whoever repeats a refresh that was
 * lost on the way gets the answer again, from any gateway.
 */
export class Tokens {
  readonly #keys: readonly SecretKey[];
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;
  /** Tokens whose signature was checked: each comes with hundreds of requests. */
  readonly #believed = new Map<string, Claims>();

  constructor(secretKeys: readonly string[], lifetimes: Lifetimes, now: () => number) {
    this.#keys = secretKeys.map((key) => ({ id: idOf(key), bytes: new TextEncoder().encode(key) }));
    this.#lifetimes = lifetimes;
    this.#now = now;
  }

  async pairOf(session: StoredSession): Promise<TokenPair> {
    const { access_token_max_age, refresh_token_max_age } = this.#lifetimes;
    return {
      access_token: await this.#sign('access', session, access_token_max_age),
      expires_in: Math.floor(access_token_max_age),
      refresh_token: await this.#sign('refresh', session, refresh_token_max_age),
      refresh_token_expires_in: Math.floor(refresh_token_max_age),
      token_type: 'bearer',
    };
  }

  /** @throws Refusal: expired, or not ours; by the original's two texts, since clients refresh on the first */
  async readAccess(token: string): Promise<Claims> {
    const known = this.#believed.get(token) ?? (await this.#read('access', token, accessTokenExpired));
    if (known.expiresAt <= this.#now()) {
      this.#believed.delete(token);
      throw accessTokenExpired();
    }
    if (this.#believed.size >= MOST_REMEMBERED) this.#believed.delete(this.#believed.keys().next().value ?? '');
    this.#believed.set(token, known);
    return known;
  }

  /** @throws Refusal */
  readRefresh(token: string): Promise<Claims> {
    return this.#read('refresh', token, sessionExpired);
  }

  #sign(type: TokenType, session: StoredSession, seconds: number): Promise<string> {
    const issuedAt = Math.floor(session.refreshedAt ?? session.createdAt);
    const { id, bytes } = this.#keys[0] as SecretKey;
    return new SignJWT({ type, sid: session.uuid })
      .setProtectedHeader({ alg: ALGORITHM, typ: typOf(type), kid: id })
      .setIssuer(ISSUER)
      .setAudience(audienceOf(type))
      .setSubject(session.principal)
      .setJti(session.token)
      .setIssuedAt(issuedAt)
      .setExpirationTime(Math.floor(issuedAt + seconds))
      .sign(bytes);
  }

  async #read(type: TokenType, token: string, expired: () => Refusal): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyOf(header), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: audienceOf(type),
        typ: typOf(type),
        requiredClaims: REQUIRED,
        currentDate: new Date(this.#now() * 1000),
      });
      return claimsOf(payload, type);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expired();
      if (error instanceof errors.JOSEError) throw invalidToken();
      throw error;
    }
  }

  #keyOf({ kid }: JWTHeaderParameters | { kid?: string }): Uint8Array {
    const key = this.#keys.find(({ id }) => id === kid);
    if (key === undefined) throw new errors.JWSInvalid('signed by no key of ours');
    return key.bytes;
  }
}

/** A refresh token is no access token, and the reverse, thrice over: by header, audience and claim. */
const typOf = (type: TokenType): string => (type === 'access' ? 'at+jwt' : 'rt+jwt');
const audienceOf = (type: TokenType): string => `beamgate:${type}`;

/** Names a key without giving it away. */
const idOf = (key: string): string => hash('sha256', `key id of ${key}`, 'base64url').slice(0, 11);

function claimsOf({ sub, sid, jti, exp, type: said }: JWTPayload, type: TokenType): Claims {
  if (said !== type || typeof sid !== 'string' || sub === undefined || jti === undefined || exp === undefined) {
    throw new errors.JWTClaimValidationFailed('not what we sign', {});
  }
  return { principal: sub, session: sid, id: jti, expiresAt: exp };
}

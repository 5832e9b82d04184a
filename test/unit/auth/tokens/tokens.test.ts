import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { StoredSession } from '../../../../src/auth/store/store.ts';
import { Tokens } from '../../../../src/auth/tokens/tokens.ts';

const [OLD, NEW] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const LIFETIMES = { access_token_max_age: 900, refresh_token_max_age: 3600, session_max_age: null };
const session: StoredSession = {
  uuid: 'the-session',
  principal: 'the-principal',
  token: 'first',
  previousToken: null,
  isEnded: false,
  createdAt: 1000,
  refreshedAt: null,
  expiresAt: null,
  idleUntil: 9000,
};
const tokens = (keys = [OLD], at = 1000) => new Tokens(keys, LIFETIMES, () => at);
const pair = await tokens().pairOf(session);
const partsOf = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
/** The access token with other claims or another header, signed by the right key. */
const forged = (claims: object, header: object = {}, key = OLD): Promise<string> => {
  const [head, body] = partsOf(pair.access_token);
  return new SignJWT({ ...body, ...claims })
    .setProtectedHeader({ alg: 'HS256', ...head, ...header })
    .sign(new TextEncoder().encode(key));
};

describe('a pair of tokens', () => {
  test('names principal, session and end, to whoever holds the key', async () => {
    const claims = { principal: 'the-principal', session: 'the-session', id: 'first' };
    expect(await tokens().readAccess(pair.access_token)).toEqual({ ...claims, expiresAt: 1900 });
    expect(await tokens().readRefresh(pair.refresh_token)).toEqual({ ...claims, expiresAt: 4600 });
  });

  test('is the same for the same step of a session, and another for the next', async () => {
    expect(await tokens([OLD], 1020).pairOf(session)).toEqual(pair);
    const next = await tokens().pairOf({ ...session, token: 'second', refreshedAt: 1000 });
    expect(next.access_token).not.toBe(pair.access_token);
    expect(next.refresh_token).not.toBe(pair.refresh_token);
  });

  test('is signed by the first key and believed by all of them', async () => {
    const rotated = tokens([NEW, OLD]);
    expect(await rotated.readAccess(pair.access_token)).toMatchObject({ session: 'the-session' });
    const fresh = await rotated.pairOf(session);
    expect(await tokens([NEW]).readAccess(fresh.access_token)).toMatchObject({ session: 'the-session' });
    await expect(tokens([OLD]).readAccess(fresh.access_token)).rejects.toThrow('Could not validate credentials');
  });

  test('expires, each token with the text that clients look for', async () => {
    await expect(tokens([OLD], 1900).readAccess(pair.access_token)).rejects.toThrow(
      'Access token has expired. Refresh token.',
    );
    await expect(tokens([OLD], 4600).readRefresh(pair.refresh_token)).rejects.toThrow(
      'Session has expired. Please re-authenticate.',
    );
  });

  test('expires though it was believed a moment ago', async () => {
    let now = 1000;
    const reader = new Tokens([OLD], LIFETIMES, () => now);
    await reader.readAccess(pair.access_token);
    now = 1900;
    await expect(reader.readAccess(pair.access_token)).rejects.toThrow('Access token has expired');
  });
});

describe('no access token is', () => {
  test.each<[string, () => Promise<string> | string]>([
    ['nonsense', () => 'not-a-token'],
    ['a refresh token', () => pair.refresh_token],
    ['one without a signature', () => new UnsecuredJWT(partsOf(pair.access_token)[1]).encode()],
    ['one of another key', () => forged({}, {}, NEW)],
    ['one of a key that is unknown', () => forged({}, { kid: 'other' })],
    ['one by another algorithm', () => forged({}, { alg: 'HS512' })],
    ['one with another type in its header', () => forged({}, { typ: 'rt+jwt' })],
    ['one of another issuer', () => forged({ iss: 'elsewhere' })],
    ['one for another audience', () => forged({ aud: 'beamgate:refresh' })],
    ['one that calls itself something else', () => forged({ type: 'refresh' })],
    ['one without an end', () => forged({ exp: undefined })],
    ['one of no session', () => forged({ sid: undefined })],
    ['one of nobody', () => forged({ sub: undefined })],
    ['one from the time to come', () => forged({ nbf: 2000 })],
    ['one whose body was changed', () => pair.access_token.replace(/\.[^.]+\./, '.eyJzdWIiOiJ4In0.')],
  ])('%s', async (_, make) => {
    await expect(tokens().readAccess(await make())).rejects.toThrow('Could not validate credentials');
  });
});

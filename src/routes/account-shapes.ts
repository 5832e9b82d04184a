import { Type } from 'typebox';
import type { Account } from '../auth/accounts/accounts.ts';
import type { StoredKey } from '../auth/store/store.ts';

/** Accounts as the original's clients read them. Times are UTC without saying so, in whole seconds. */
const Time = Type.String({ description: 'UTC, e.g. 2026-01-31T12:00:00' });
const MaybeTime = Type.Union([Time, Type.Null()]);

export const ApiKey = Type.Object({
  first_eight: Type.String(),
  expiration_time: MaybeTime,
  note: Type.Union([Type.String(), Type.Null()]),
  scopes: Type.Array(Type.String()),
  latest_activity: MaybeTime,
});
export const ApiKeyWithSecret = Type.Object({
  ...ApiKey.properties,
  secret: Type.String({ description: 'hexadecimal; told this once' }),
});
export const PrincipalShape = Type.Object({
  uuid: Type.String(),
  type: Type.String(),
  identities: Type.Array(Type.Object({ id: Type.String(), provider: Type.String(), latest_login: MaybeTime })),
  api_keys: Type.Array(ApiKey),
  sessions: Type.Array(Type.Object({ uuid: Type.String(), expiration_time: MaybeTime, revoked: Type.Boolean() })),
  latest_activity: MaybeTime,
  roles: Type.Array(Type.String()),
  scopes: Type.Array(Type.String()),
  api_key_scopes: Type.Union([Type.Array(Type.String()), Type.Null()]),
});

const timeText = (at: number | null): string | null =>
  at === null ? null : new Date(at * 1000).toISOString().slice(0, 19);

export const keyShape = ({ firstEight, expiresAt, note, scopes, latestActivity }: StoredKey) => ({
  first_eight: firstEight,
  expiration_time: timeText(expiresAt),
  note,
  scopes,
  latest_activity: timeText(latestActivity),
});

export function principalShape({ principal: { uuid, type, identities }, sessions, keys }: Account) {
  const logins = identities.map(({ latestLogin }) => latestLogin);
  const activities = [...logins, ...sessions.map((s) => s.refreshedAt), ...keys.map((k) => k.latestActivity)];
  const latest = activities.reduce<number>((newest, at) => Math.max(newest, at ?? 0), 0);
  return {
    uuid,
    type,
    identities: identities.map(({ id, provider, latestLogin }) => ({
      id,
      provider,
      latest_login: timeText(latestLogin),
    })),
    api_keys: keys.map(keyShape),
    sessions: sessions.map((session) => ({
      uuid: session.uuid,
      expiration_time: timeText(session.expiresAt),
      revoked: session.isEnded,
    })),
    latest_activity: latest === 0 ? null : timeText(latest),
    ...NOT_TOLD_HERE,
  };
}

/** Somebody without an account; `uuid` is good for as long as the process lives. */
export const strangerShape = (uuid: string, name: string, provider: string) => ({
  uuid,
  type: 'user',
  identities: [{ id: name, provider, latest_login: null }],
  api_keys: [],
  sessions: [],
  latest_activity: null,
  ...NOT_TOLD_HERE,
});

/** Empty here in the original, too; `/auth/scopes` tells them. */
const NOT_TOLD_HERE = { roles: [], scopes: [], api_key_scopes: null };

import type { StoredIdentity, StoredKey, StoredSession } from './store.ts';

/** Rows as the file has them. Its tables are strict: columns hold what they declare. */
export interface PrincipalRow {
  readonly uuid: string;
  readonly type: 'user' | 'service';
  readonly is_disabled: number;
}
export interface IdentityRow {
  readonly provider: string;
  readonly id: string;
  readonly groups: string;
  readonly latest_login: number | null;
}
interface SessionRow {
  readonly uuid: string;
  readonly principal: string;
  readonly created_at: number;
  readonly refreshed_at: number | null;
  readonly expires_at: number | null;
  readonly idle_until: number;
  readonly is_ended: number;
  readonly token: string;
  readonly previous_token: string | null;
}
interface KeyRow {
  readonly hash: string;
  readonly first_eight: string;
  readonly principal: string;
  readonly scopes: string;
  readonly expires_at: number | null;
  readonly latest_activity: number | null;
  readonly note: string | null;
}

export const identityOf = ({ latest_login, groups, ...identity }: IdentityRow): StoredIdentity => ({
  ...identity,
  groups: JSON.parse(groups) as string[],
  latestLogin: latest_login,
});

export function sessionOf(row: object | undefined): StoredSession | null {
  if (row === undefined) return null;
  const { uuid, principal, created_at, refreshed_at, expires_at, idle_until, is_ended, token, previous_token } =
    row as SessionRow;
  return {
    uuid,
    principal,
    token,
    createdAt: created_at,
    refreshedAt: refreshed_at,
    expiresAt: expires_at,
    idleUntil: idle_until,
    isEnded: is_ended === 1,
    previousToken: previous_token,
  };
}

export function keyOf(row: object | undefined): StoredKey | null {
  if (row === undefined) return null;
  const { hash, first_eight, principal, scopes, expires_at, latest_activity, note } = row as KeyRow;
  return {
    hash,
    principal,
    note,
    firstEight: first_eight,
    expiresAt: expires_at,
    latestActivity: latest_activity,
    scopes: JSON.parse(scopes) as string[],
  };
}

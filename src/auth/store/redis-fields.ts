import type { StoredIdentity, StoredKey, StoredPrincipal, StoredSession } from './store.ts';

/** Records as fields of a Redis hash: every value a text, what is null absent. */
export type Fields = readonly string[];

export const refOf = (provider: string, id: string): string => `${provider}/${id}`;

/** When nothing of it is good any more. */
export const overAt = ({ idleUntil, expiresAt }: StoredSession): number => Math.min(idleUntil, expiresAt ?? Infinity);

const fields = (values: Readonly<Record<string, string | number | null>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [name, String(value)]));

export const sessionFields = ({ isEnded, ...session }: StoredSession): Fields =>
  fields({ ...session, isEnded: isEnded ? 1 : 0 });

export const keyFields = ({ scopes, ...key }: StoredKey): Fields => fields({ ...key, scopes: JSON.stringify(scopes) });

/** The reply of HGETALL: names and values in turn. Null when there is none. */
function recordOf(reply: unknown): ReadonlyMap<string, string> | null {
  const texts = reply as readonly string[];
  if (texts.length === 0) return null;
  return new Map(texts.flatMap((name, n) => (n % 2 === 0 ? [[name, texts[n + 1] ?? ''] as const] : [])));
}

const number = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

export function sessionOf(reply: unknown): StoredSession | null {
  const record = recordOf(reply);
  if (record === null) return null;
  return {
    uuid: record.get('uuid') ?? '',
    principal: record.get('principal') ?? '',
    createdAt: Number(record.get('createdAt')),
    refreshedAt: number(record.get('refreshedAt')),
    expiresAt: number(record.get('expiresAt')),
    idleUntil: Number(record.get('idleUntil')),
    isEnded: record.get('isEnded') === '1',
    token: record.get('token') ?? '',
    previousToken: record.get('previousToken') ?? null,
  };
}

export function keyOf(reply: unknown): StoredKey | null {
  const record = recordOf(reply);
  if (record === null) return null;
  return {
    hash: record.get('hash') ?? '',
    firstEight: record.get('firstEight') ?? '',
    principal: record.get('principal') ?? '',
    scopes: JSON.parse(record.get('scopes') ?? '[]') as string[],
    expiresAt: number(record.get('expiresAt')),
    latestActivity: number(record.get('latestActivity')),
    note: record.get('note') ?? null,
  };
}

type IdentityReply = readonly [ref: string, groups: string, login: string | null];
type PrincipalReply = readonly [] | readonly [uuid: string, type: string, disabled: string, readonly IdentityReply[]];

/** What the scripts give back for a principal. */
export function principalOf(reply: unknown): StoredPrincipal | null {
  const [uuid, type, disabled, identities] = reply as PrincipalReply;
  if (uuid === undefined || identities === undefined) return null;
  return {
    uuid,
    type: type === 'service' ? 'service' : 'user',
    isDisabled: disabled === '1',
    identities: identities.map(identityOf),
  };
}

function identityOf([ref, groups, login]: IdentityReply): StoredIdentity {
  const slash = ref.indexOf('/');
  return {
    provider: ref.slice(0, slash),
    id: ref.slice(slash + 1),
    groups: JSON.parse(groups) as string[],
    latestLogin: login === null ? null : Number(login),
  };
}

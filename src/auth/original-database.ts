import { DatabaseSync } from 'node:sqlite';
import type { StoredKey, StoredPrincipal } from './store/store.ts';

interface IdentityRow {
  readonly principal: number;
  readonly provider: string;
  readonly id: string;
  readonly latest_login: string | null;
}
interface KeyRow {
  readonly principal: number;
  readonly first_eight: string;
  readonly hash: string;
  readonly expiration_time: string | null;
  readonly latest_activity: string | null;
  readonly note: string | null;
  readonly scopes: string;
}

export interface OriginalAccounts {
  readonly principals: readonly StoredPrincipal[];
  readonly keys: readonly StoredKey[];
}

const TABLES = ['principals', 'identities', 'api_keys'];

/**
 * The principals and API keys in the SQLite file of a bluesky-httpserver. Keys are hashed there as they are here, so their
 * secrets go on; sessions do not, since their tokens are signed otherwise. The file is only read.
 * @throws Error naming the file, when it is none of those
 */
export function originalAccounts(path: string): OriginalAccounts {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const absent = TABLES.filter((table) => !tables.some(({ name }) => name === table));
    if (absent.length > 0) throw new Error(`it has no table '${absent.join("', '")}'`);
    return accountsIn(db);
  } catch (cause) {
    throw new Error(`${path} is no database of bluesky-httpserver: ${(cause as Error).message}`, { cause });
  } finally {
    db?.close();
  }
}

function accountsIn(db: DatabaseSync): OriginalAccounts {
  const people = db.prepare('SELECT id, uuid, type FROM principals ORDER BY id').all() as unknown as {
    readonly id: number;
    readonly uuid: string;
    readonly type: string;
  }[];
  const identities = db
    .prepare('SELECT principal_id AS principal, provider, id, latest_login FROM identities ORDER BY rowid')
    .all() as unknown as IdentityRow[];
  const keys = db
    .prepare(
      `SELECT principal_id AS principal, first_eight, lower(hex(hashed_secret)) AS hash, expiration_time, latest_activity, note, scopes
       FROM api_keys ORDER BY rowid`,
    )
    .all() as unknown as KeyRow[];
  const uuids = new Map(people.map(({ id, uuid }) => [id, uuid]));
  return {
    principals: people.map(({ id, uuid, type }) => ({
      uuid,
      type: type === 'service' ? 'service' : 'user',
      isDisabled: false,
      identities: identities.filter(({ principal }) => principal === id).map(identityOf),
    })),
    // A key whose principal is gone opens nothing in the original, either.
    keys: keys.flatMap((key) => keyOf(key, uuids.get(key.principal))),
  };
}

const identityOf = ({ provider, id, latest_login }: IdentityRow): StoredPrincipal['identities'][number] => ({
  provider,
  id,
  groups: [],
  latestLogin: secondsOf(latest_login),
});

function keyOf(row: KeyRow, principal: string | undefined): StoredKey[] {
  if (principal === undefined) return [];
  return [
    {
      hash: row.hash,
      firstEight: row.first_eight,
      principal,
      scopes: JSON.parse(row.scopes) as string[],
      expiresAt: secondsOf(row.expiration_time),
      latestActivity: secondsOf(row.latest_activity),
      note: row.note,
    },
  ];
}

/** `2026-01-31 12:00:00.000000`, which is UTC. */
const secondsOf = (text: string | null): number | null =>
  text === null ? null : Math.floor(Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) / 1000);

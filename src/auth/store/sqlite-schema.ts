/** Step n makes version n + 1 of version n. A step is never changed after it was released: files made by it exist. */
export const SCHEMA_STEPS: readonly string[] = [
  `
  CREATE TABLE principal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, type TEXT NOT NULL, is_disabled INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE identity (
    provider TEXT NOT NULL, id TEXT NOT NULL, principal TEXT NOT NULL REFERENCES principal (uuid), groups TEXT NOT NULL,
    latest_login REAL, PRIMARY KEY (provider, id)
  ) STRICT;
  CREATE INDEX identity_by_principal ON identity (principal);
  CREATE TABLE session (
    number INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
    principal TEXT NOT NULL REFERENCES principal (uuid), created_at REAL NOT NULL, refreshed_at REAL, expires_at REAL,
    idle_until REAL NOT NULL, is_ended INTEGER NOT NULL, token TEXT NOT NULL, previous_token TEXT
  ) STRICT;
  CREATE INDEX session_by_principal ON session (principal);
  CREATE TABLE api_key (
    number INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, first_eight TEXT NOT NULL,
    principal TEXT NOT NULL REFERENCES principal (uuid), scopes TEXT NOT NULL, expires_at REAL, latest_activity REAL,
    note TEXT
  ) STRICT;
  CREATE INDEX api_key_by_principal ON api_key (principal);
  CREATE TABLE revoked_key (hash TEXT PRIMARY KEY, at REAL NOT NULL) STRICT, WITHOUT ROWID;
  `,
];

const SESSION =
  'uuid, principal, created_at, refreshed_at, expires_at, idle_until, is_ended, token, previous_token' as const;
const KEY = 'hash, first_eight, principal, scopes, expires_at, latest_activity, note' as const;

export const STATEMENTS = {
  principal: 'SELECT uuid, type, is_disabled FROM principal WHERE uuid = ?',
  principals: 'SELECT uuid, type, is_disabled FROM principal ORDER BY number',
  principalOf: 'SELECT principal FROM identity WHERE provider = ? AND id = ?',
  addPrincipal: 'INSERT INTO principal (uuid, type, is_disabled) VALUES (?, ?, ?)',
  disable: 'UPDATE principal SET is_disabled = ? WHERE uuid = ?',
  identities: 'SELECT provider, id, groups, latest_login FROM identity WHERE principal = ? ORDER BY rowid',
  addIdentity: 'INSERT INTO identity (provider, id, principal, groups, latest_login) VALUES (?, ?, ?, ?, ?)',
  signIn: 'UPDATE identity SET groups = ?, latest_login = ? WHERE provider = ? AND id = ?',

  session: `SELECT ${SESSION} FROM session WHERE uuid = ?`,
  sessionsOf: `SELECT ${SESSION} FROM session WHERE principal = ? ORDER BY number`,
  addSession: `INSERT INTO session (${SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  rotate: `
    UPDATE session SET previous_token = token, token = ?, refreshed_at = ?, idle_until = ?
    WHERE uuid = ? AND token = ? AND is_ended = 0 RETURNING ${SESSION}
  `,
  endSession: 'UPDATE session SET is_ended = 1 WHERE uuid = ?',

  key: `SELECT ${KEY} FROM api_key WHERE hash = ?`,
  keysOf: `SELECT ${KEY} FROM api_key WHERE principal = ? ORDER BY number`,
  addKey: `INSERT INTO api_key (${KEY}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  keyWasUsed: 'UPDATE api_key SET latest_activity = ? WHERE hash = ?',
  deleteKey: 'DELETE FROM api_key WHERE hash = ?',
  revokeKey: 'INSERT INTO revoked_key (hash, at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  isRevoked: 'SELECT 1 FROM revoked_key WHERE hash = ?',

  purgeSessions: 'DELETE FROM session WHERE idle_until < ? OR expires_at < ?',
  purgeKeys: 'DELETE FROM api_key WHERE expires_at < ?',
  purgeRevocations: 'DELETE FROM revoked_key WHERE at < ?',
  dataVersion: 'PRAGMA data_version',
} as const;

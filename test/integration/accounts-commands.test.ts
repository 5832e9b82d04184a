import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ClientSocket } from '../support/client-socket.ts';
import { beamgate, startGatewayCommand } from '../support/gateway-command.ts';

const config = (password: string) => `
authentication:
  providers:
    - provider: toy
      authenticator: bluesky_httpserver.authenticators:DictionaryAuthenticator
      args:
        users_to_passwords: {bob: '${password}'}
api_access:
  policy: bluesky_httpserver.authorization:DictionaryAPIAccessControl
  args:
    users:
      bob: {roles: [admin, expert]}
      robot: {roles: observer}
`;
const statusOf = async (url: string, path: string, authorization: string) =>
  (await fetch(url + path, { headers: { authorization } })).status;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'keys-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('beamgate passwd', () => {
  test('hashes the first line of stdin, and the hash stands for the password in the configuration', async () => {
    const { stdout: hash } = beamgate(['passwd'], 'bob_password\nanother line\n');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await using gateway = await startGatewayCommand(config(hash));
    const signIn = (password: string) =>
      fetch(`${gateway.url}/api/auth/provider/toy/token`, {
        method: 'POST',
        body: new URLSearchParams({ username: 'bob', password }),
      });
    expect([(await signIn('bob_password')).status, (await signIn(hash)).status]).toEqual([200, 401]);
  });

  test('refuses an empty password', () => {
    expect(beamgate(['passwd'], '\n')).toMatchObject({ status: 1, stderr: 'beamgate: The password must not be empty' });
  });
});

describe('beamgate keys', () => {
  test('makes a key for who has not signed in yet, and takes it away while the gateway and a socket use it', async () => {
    await using gateway = await startGatewayCommand(config('bob_password'));
    const dir = ['--data-dir', gateway.folder];
    const whose = ['--provider', 'toy', '--user', 'robot', '--expires-in', '900', '--note', 'night shift'];
    const { stdout: secret } = beamgate(['keys', 'create', ...dir, ...whose]);
    const header = `ApiKey ${secret}`;
    expect(await statusOf(gateway.url, '/api/queue/get', header)).toBe(200);
    expect(await statusOf(gateway.url, '/api/permissions/get', header)).toBe(200);
    expect(await statusOf(gateway.url, '/api/auth/principal', header)).toBe(403);
    using client = await ClientSocket.open(`${gateway.url}/api/status/ws`, { authorization: header });
    const closed = client.closed();

    const { stdout: list } = beamgate(['keys', 'list', ...dir]);
    const revoked = beamgate(['keys', 'revoke', secret.slice(0, 8), ...dir]);

    expect(list).toMatch(new RegExp(`^${secret.slice(0, 8)}  toy/robot .* used \\d{4}.* inherit  night shift$`));
    expect(revoked.stdout).toBe(`Revoked ${secret.slice(0, 8)}.`);
    expect((await closed).code).toBe(4401);
    expect(await statusOf(gateway.url, '/api/status', header)).toBe(401);
    const audit = readFileSync(join(gateway.folder, 'logs', 'audit.jsonl'), 'utf8');
    expect(audit).toContain('"what":"key made"');
    expect(audit).toContain('"what":"key revoked"');
    expect(audit).not.toContain(secret);
  });

  test("takes principals and keys over from the original's database: their secrets go on", async () => {
    const file = join(folder, 'bluesky_httpserver.sqlite');
    const db = new DatabaseSync(file);
    db.exec(readFileSync(join(import.meta.dirname, '../support/original-accounts.sql'), 'utf8'));
    db.close();
    const secretFrom = (first: number) => Buffer.from(Array.from({ length: 36 }, (_, n) => first + n)).toString('hex');
    await using gateway = await startGatewayCommand(config('bob_password'));

    const { stdout } = beamgate(['keys', 'import', file, '--data-dir', gateway.folder]);

    expect(stdout).toBe(
      'Took over 1 of 1 principals and 2 of 2 API keys; the others are here already. Sessions begin anew: sign in again.',
    );
    const [all, small] = [`ApiKey ${secretFrom(0)}`, `ApiKey ${secretFrom(1)}`];
    expect(await statusOf(gateway.url, '/api/auth/principal', all)).toBe(200);
    expect([
      await statusOf(gateway.url, '/api/status', small),
      await statusOf(gateway.url, '/api/queue/get', small),
    ]).toEqual([200, 403]);
    const who = await fetch(`${gateway.url}/api/auth/whoami`, { headers: { authorization: all } });
    expect(await who.json()).toMatchObject({
      uuid: '2ebe1e99-fafa-4342-8fcb-5ab1fbb62b9d',
      identities: [{ id: 'bob', provider: 'toy', latest_login: '2026-01-31T12:00:00' }],
      api_keys: [
        { first_eight: '00010203', note: 'n', expiration_time: null },
        { first_eight: '01020304', expiration_time: '2099-01-01T00:00:00' },
      ],
    });
  });

  test.each([
    [['grant'], "keys takes one of list, create, revoke, import, received 'grant'"],
    [['create', '--user', 'bob'], 'keys create needs --provider and --user: whose key it will be'],
    [
      ['create', '--provider', 'toy', '--user', 'bob', '--expires-in', 'x'],
      "--expires-in must be a whole number from 1 to 3162240000, received 'x'",
    ],
    [['create', '--provider', 'toy', '--user', 'bob', '--scopes', 'read:all'], "received 'read:all'"],
    [['revoke', '12345678'], "No key begins with '12345678'"],
    [['import', '/etc/hostname'], '/etc/hostname is no database of bluesky-httpserver: file is not a database'],
    [['import', '/nowhere/at/all'], '/nowhere/at/all is no database of bluesky-httpserver: unable to open'],
  ])('%j is refused, and says why', (words, sentence) => {
    const { status, stdout, stderr } = beamgate(['keys', ...words, '--data-dir', folder]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
  });
});

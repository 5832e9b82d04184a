import { describe, expect, test } from 'vitest';
import { openSqliteAuthStore } from '../../src/auth/store/sqlite.ts';
import { accountFiles } from '../../src/config/data-folders.ts';
import { hashOfSecret } from '../../src/auth/accounts/api-keys.ts';
import { ChangingPolicy, startAccounts, USERS } from '../support/accounts.ts';
import { ClientSocket } from '../support/client-socket.ts';

type Gateway = Awaited<ReturnType<typeof startAccounts>>;
const open = (gateway: Gateway, authorization = '', query = '') =>
  ClientSocket.open(`${gateway.url}/api/console_output/ws${query}`, authorization === '' ? {} : { authorization });
const auth = (credential: object) => JSON.stringify({ type: 'auth', ...credential });

/** It still hears, so it is open. */
async function hears(gateway: Gateway, client: ClientSocket): Promise<void> {
  const line = `line ${Math.random()}\n`;
  await gateway.manager.publishConsole(line);
  await client.until(({ msg }) => msg === line);
}

describe('a socket is opened', () => {
  test('by a token or a key, in the header, in the first message, or by a ticket', async () => {
    await using gateway = await startAccounts();
    const { bearer, access_token } = await gateway.signIn('alice');
    const { header, secret } = await gateway.makeKey(bearer);
    const { body } = await gateway.call('POST', '/api/auth/ws-ticket', bearer);
    using byToken = await open(gateway, bearer);
    using byKey = await open(gateway, header);
    using byTicket = await open(gateway, '', `?ticket=${String(body.ticket)}`);
    using byFirstToken = await open(gateway);
    byFirstToken.socket.send(auth({ token: access_token }));
    using byFirstKey = await open(gateway);
    byFirstKey.socket.send(auth({ api_key: secret }));
    // What follows the first message at once finds the socket admitted, or about to be.
    byFirstKey.socket.send('hello');
    for (const client of [byToken, byKey, byTicket, byFirstToken, byFirstKey]) await hears(gateway, client);
  });

  test('by a ticket, which is good for nothing else: not for a request, and not for the next ticket', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('alice');
    const { body } = await gateway.call('POST', '/api/auth/ws-ticket', bearer);
    const query = `?ticket=${String(body.ticket)}`;
    for (const path of ['/api/auth/ws-ticket', '/api/queue/clear']) {
      expect((await gateway.call('POST', path + query, '')).status).toBe(401);
    }
    using client = await open(gateway, '', query);
    await hears(gateway, client);
  });

  test('by nobody whose header is wrong or whose scopes do not suffice: 403 before the upgrade', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('alice');
    const small = await gateway.makeKey(bearer, { scopes: ['read:status'] });
    const url = `${gateway.url}/api/console_output/ws`;
    const refusals = ['Bearer none', 'ApiKey abab', small.header].map((authorization) =>
      ClientSocket.refusal(url, { authorization }),
    );
    expect(await Promise.all(refusals)).toEqual([
      { status: 403, body: { detail: 'Could not validate credentials' } },
      { status: 403, body: { detail: 'Invalid API key' } },
      { status: 403, body: { detail: expect.stringContaining("Requires scopes ['read:console']") } },
    ]);
  });

  test('by no first message of somebody who may not: 4403', async () => {
    await using gateway = await startAccounts();
    const small = await gateway.makeKey((await gateway.signIn('alice')).bearer, { scopes: ['read:status'] });
    using client = await open(gateway);
    const closed = client.closed();
    client.socket.send(auth({ api_key: small.secret }));
    expect((await closed).code).toBe(4403);
  });
});

describe('a socket ends with 4401', () => {
  test('when its session ends', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('alice');
    using client = await open(gateway, bearer);
    using other = await open(gateway, (await gateway.signIn('alice')).bearer);
    const closed = client.closed();
    await gateway.call('POST', '/api/auth/logout', bearer);
    expect(await closed).toEqual({ code: 4401, reason: 'Session has expired. Please re-authenticate.' });
    await hears(gateway, other);
  });

  test('when the session ends that got its ticket', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('alice');
    const { body } = await gateway.call('POST', '/api/auth/ws-ticket', bearer);
    using client = await open(gateway, '', `?ticket=${String(body.ticket)}`);
    const closed = client.closed();
    await gateway.call('POST', '/api/auth/logout', bearer);
    expect((await closed).code).toBe(4401);
  });

  test('when its token does, unless it has shown another by then', async () => {
    const lifetimes = { access_token_max_age: 2, refresh_token_max_age: 600, session_max_age: 1000 };
    await using gateway = await startAccounts({ lifetimes });
    const { bearer } = await gateway.signIn('alice');
    const { secret } = await gateway.makeKey(bearer);
    using renewed = await open(gateway, bearer);
    using client = await open(gateway, bearer);
    const closed = client.closed();
    renewed.socket.send(auth({ api_key: secret }));
    expect(await closed).toEqual({ code: 4401, reason: 'Access token has expired. Refresh token.' });
    await hears(gateway, renewed);
  });

  test('when an administrator revokes its key', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const { header, firstEight } = await gateway.makeKey(alice.bearer);
    using client = await open(gateway, header);
    const closed = client.closed();
    const url = `/api/auth/principal/${await gateway.uuidOf(alice.bearer)}/apikey?first_eight=${firstEight}`;
    expect((await gateway.call('DELETE', url, bob.bearer)).body).toEqual({ success: true, msg: '' });
    expect(await closed).toEqual({ code: 4401, reason: 'Invalid API key' });
  });

  test('when another process revokes its key', async () => {
    await using gateway = await startAccounts();
    const { header, secret } = await gateway.makeKey((await gateway.signIn('alice')).bearer);
    using client = await open(gateway, header);
    const closed = client.closed();
    const elsewhere = openSqliteAuthStore(accountFiles(gateway.dataDir).store);
    await elsewhere.revokeKey(hashOfSecret(secret), Date.now() / 1000);
    expect((await closed).code).toBe(4401);
    await elsewhere.close();
    expect((await gateway.call('GET', '/api/status', header)).status).toBe(401);
  });

  test('when its principal is disabled', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const { header } = await gateway.makeKey(alice.bearer);
    using byToken = await open(gateway, alice.bearer);
    using byKey = await open(gateway, header);
    const closed = [byToken.closed(), byKey.closed()];
    await gateway.call('POST', `/api/auth/principal/${await gateway.uuidOf(alice.bearer)}/disable`, bob.bearer);
    expect((await Promise.all(closed)).map(({ code }) => code)).toEqual([4401, 4401]);
  });

  test('when it shows a wrong credential later', async () => {
    await using gateway = await startAccounts();
    using client = await open(gateway, (await gateway.signIn('alice')).bearer);
    await hears(gateway, client);
    const closed = client.closed();
    client.socket.send(auth({ token: 'wrong' }));
    expect((await closed).code).toBe(4401);
  });
});

test('a socket ends with 4403 when its principal loses the scope', async () => {
  const policy = new ChangingPolicy(USERS);
  await using gateway = await startAccounts({ policy });
  using client = await open(gateway, (await gateway.signIn('alice')).bearer);
  const closed = client.closed();
  policy.become({ ...USERS, alice: { roles: 'admin' } });
  expect(await closed).toMatchObject({ code: 4403, reason: expect.stringContaining('Not enough permissions') });
});

describe('a socket goes on', () => {
  test('after its key is deleted by its owner, until the owner may no more', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const { header, firstEight } = await gateway.makeKey(alice.bearer);
    using client = await open(gateway, header);
    await gateway.call('DELETE', `/api/auth/apikey?first_eight=${firstEight}`, alice.bearer);
    await hears(gateway, client);
    const closed = client.closed();
    await gateway.call('POST', `/api/auth/principal/${await gateway.uuidOf(alice.bearer)}/disable`, bob.bearer);
    expect((await closed).code).toBe(4401);
  });

  test('after its key has run out', async () => {
    await using gateway = await startAccounts();
    const { header } = await gateway.makeKey((await gateway.signIn('alice')).bearer, { expires_in: 1 });
    using client = await open(gateway, header);
    let status = 200;
    while (status === 200) ({ status } = await gateway.call('GET', '/api/status', header));
    expect(status).toBe(401);
    await hears(gateway, client);
  });
});

test('the text stream ends with the session that reads it', async () => {
  await using gateway = await startAccounts();
  const { bearer } = await gateway.signIn('alice');
  const response = await fetch(`${gateway.url}/api/stream_console_output`, { headers: { authorization: bearer } });
  const read = response.text();
  await gateway.call('POST', '/api/auth/logout', bearer);
  await expect(read).rejects.toThrow('terminated');
});

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { combined } from '../../src/auth/access/api-access.ts';
import { mappedGroups } from '../../src/auth/access/resource-access.ts';
import { groupAccess } from '../../src/auth/access/table-access.ts';
import { OidcAuthenticator } from '../../src/auth/authenticators/oidc/oidc-authenticator.ts';
import type { PyDict } from '../../src/lib/python-text/py-value.ts';
import { freePort } from '../support/epics/free-port.ts';
import { startGateway } from '../support/gateway.ts';
import { Browser } from '../support/oidc/browser.ts';
import { CLIENT, startIdentityProvider } from '../support/oidc/identity-provider.ts';

const signed: Record<string, unknown>[] = [];

/** A gateway that knows people by an identity provider, and lets in whom its groups bring a role. */
async function aGateway() {
  const port = await freePort();
  const redirectUri = `http://127.0.0.1:${port}/api/auth/provider/idp/code`;
  const provider = await startIdentityProvider(redirectUri);
  const authenticator = new OidcAuthenticator({
    ...CLIENT,
    issuer: provider.issuer,
    redirect_uri: redirectUri,
    username_claim: 'preferred_username',
    device_authorization: true,
  });
  const gateway = await startGateway(
    (method, params) => {
      if (method === 'queue_item_add') signed.push(params);
      return { success: true, msg: '' };
    },
    { port },
    {
      accounts: {
        providers: [{ name: 'idp', authenticator }],
        policy: combined(
          groupAccess({ groups: { '/staff': 'expert' } }),
          mappedGroups({ groups: { '/staff': 'staff' } }),
        ),
        secretKeys: [],
        lifetimes: { access_token_max_age: 900, refresh_token_max_age: 900, session_max_age: null },
      },
    },
  );
  return {
    ...gateway,
    provider,
    authenticator,
    async [Symbol.asyncDispose]() {
      authenticator.close();
      await gateway[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

let gateway: Awaited<ReturnType<typeof aGateway>>;
beforeAll(async () => {
  gateway = await aGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const post = (path: string, body: object) =>
  fetch(gateway.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function tokensOf(browser: Browser): Promise<Record<string, string>> {
  const { status, text } = await browser.open(`${gateway.url}/api/auth/provider/idp/authorize`);
  expect([status, text]).toEqual([200, expect.stringMatching(/^"ey/)]);
  return (await (
    await post('/api/auth/session/refresh', { refresh_token: JSON.parse(text) as string })
  ).json()) as Record<string, string>;
}

describe('a browser', () => {
  test('signs in elsewhere and comes back with a refresh token, as in the original', async () => {
    gateway.provider.state.user = 'alice';
    const { access_token: token } = await tokensOf(new Browser());
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(gateway.url + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });

    const scopes = (await (await ask('/api/auth/scopes')).json()) as { roles: string[] };
    await ask('/api/queue/item/add', { method: 'POST', body: '{"item": {"name": "count"}}' });

    expect(scopes.roles).toEqual(['expert']);
    // The groups of the user info reach the manager as ours.
    expect(signed).toEqual([expect.objectContaining({ user: 'alice.a', user_group: 'staff' })]);
  });

  test('is told so when the access policy knows none of its groups', async () => {
    gateway.provider.state.user = 'bob';
    const { status, text } = await new Browser().open(`${gateway.url}/api/auth/provider/idp/authorize`);
    expect([status, JSON.parse(text)]).toEqual([401, { detail: 'User is not authorized to access the server' }]);
  });

  test('cannot come back with what another browser was given', async () => {
    const mine = new Browser();
    const left = await fetch(`${gateway.url}/api/auth/provider/idp/authorize`, { redirect: 'manual' });
    const { status, text } = await mine.open(left.headers.get('location') ?? '');
    expect([status, JSON.parse(text)]).toEqual([401, { detail: 'Authentication failure' }]);
  });

  test('that comes with a code of its own making does not sign in', async () => {
    const { status } = await new Browser().open(`${gateway.url}/api/auth/provider/idp/code?code=x&state=y`);
    expect(status).toBe(401);
  });

  test('loses what its session allows when that is revoked, and its refresh token is good no more', async () => {
    gateway.provider.state.user = 'alice';
    const { access_token: token, refresh_token: refresh } = await tokensOf(new Browser());
    const headers = { authorization: `Bearer ${token}` };
    const who = (await (await fetch(`${gateway.url}/api/auth/whoami`, { headers })).json()) as {
      sessions: { uuid: string }[];
    };
    const mine = who.sessions.at(-1)?.uuid;

    const revoked = await fetch(`${gateway.url}/api/auth/session/revoke/${mine}`, { method: 'DELETE', headers });

    expect(revoked.status).toBe(200);
    expect((await fetch(`${gateway.url}/api/queue/get`, { headers })).status).toBe(401);
    expect((await post('/api/auth/session/refresh', { refresh_token: refresh })).status).toBe(401);
  });

  test('signs in after the provider has changed its keys', async () => {
    gateway.provider.state.user = 'alice';
    await tokensOf(new Browser());
    await gateway.provider.rotateKeys();
    await tokensOf(new Browser());
  });
});

describe('a command line', () => {
  const begin = async () =>
    (await (await post('/api/auth/provider/idp/device', {})).json()) as {
      device_code: string;
      verification_uri_complete: string;
      interval: number;
    };

  test('is signed in once its user has typed the code elsewhere', async () => {
    gateway.provider.state.user = 'alice';
    const begun = await begin();
    const ask = () => post('/api/auth/provider/idp/device/token', { device_code: begun.device_code });
    const before = await ask();
    expect([before.status, await before.json()]).toEqual([400, { detail: 'authorization_pending' }]);

    await typeCode(begun.verification_uri_complete);
    let reply = await ask();
    while (reply.status === 400) {
      await setTimeout(begun.interval * 100);
      reply = await ask();
    }

    expect([reply.status, await reply.json()]).toEqual([200, expect.objectContaining({ token_type: 'bearer' })]);
    // It is told once.
    expect((await ask()).status).toBe(401);
  });

  test('with a code that was never given is not', async () => {
    expect((await post('/api/auth/provider/idp/device/token', { device_code: 'x' })).status).toBe(401);
  });
});

/** What a user does on the page of the provider: the code is filled in, and they confirm. */
async function typeCode(address: string): Promise<void> {
  const browser = new Browser();
  const page = await browser.open(address);
  const fields = [...page.text.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
  const form = new URLSearchParams(fields.map(([, name = '', value = '']): [string, string] => [name, value]));
  form.set('confirm', 'yes');
  const done = await browser.open(new URL('/device', address).href, { method: 'POST', body: form });
  expect(done.status).toBe(200);
}

test.each<[string, PyDict, string]>([
  ['no issuer', {}, "'issuer' must be given"],
  ['an issuer without TLS', { issuer: 'http://idp.example.org' }, "'issuer' must be an https URL"],
  [
    'a number for the client',
    { issuer: 'https://idp.example.org', client_id: 5 },
    "'client_id': 5 is not of type 'string'",
  ],
])('%s is refused at the start, by name', (_, args, sentence) => {
  const given = { ...CLIENT, redirect_uri: 'https://gateway.example.org/api/auth/provider/idp/code', ...args };
  expect(() => new OidcAuthenticator(given)).toThrow(sentence);
});

test('a provider that is away is said to be away, and the browser stays here', async () => {
  const redirect_uri = 'http://127.0.0.1:9/api/auth/provider/idp/code';
  const authenticator = new OidcAuthenticator({
    ...CLIENT,
    issuer: `http://127.0.0.1:${await freePort()}`,
    redirect_uri,
  });
  await expect(authenticator.begin()).rejects.toThrow();
});

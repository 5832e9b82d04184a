import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DictionaryAuthenticator } from '../../src/auth/authenticators/dictionary.ts';
import { ChangingPolicy, startAccounts, USERS } from '../support/accounts.ts';

const EXPIRED = 'Session has expired. Please re-authenticate.';
const textsOf = (answers: readonly { status: number; body: { detail?: unknown } }[]) =>
  answers.map(({ status, body }) => [status, body.detail]);

describe('signing in', () => {
  test('gives an access and a refresh token, and the access token opens what the user may', async () => {
    await using gateway = await startAccounts();
    const { bearer, ...pair } = await gateway.signIn('alice');
    expect(pair).toEqual({
      access_token: expect.any(String),
      expires_in: 900,
      refresh_token: expect.any(String),
      refresh_token_expires_in: 604_800,
      token_type: 'bearer',
    });
    expect((await gateway.call('GET', '/api/queue/get', bearer)).status).toBe(200);
    expect((await gateway.call('POST', '/api/permissions/reload', bearer, {})).status).toBe(403);
  });

  test('fails alike for a wrong password and for nobody, and otherwise for whom the policy does not know', async () => {
    await using gateway = await startAccounts();
    const answers = [
      await gateway.attempt('bob', 'wrong'),
      await gateway.attempt('nobody', 'x'),
      await gateway.attempt('cara', 'cara_password'),
    ];
    expect(textsOf(answers)).toEqual([
      [401, 'Incorrect username or password'],
      [401, 'Incorrect username or password'],
      [401, 'User is not authorized to access the server'],
    ]);
    expect(answers.map(({ headers }) => headers.get('www-authenticate'))).toEqual(['Bearer', 'Bearer', 'Bearer']);
  });

  test('is slowed down after ten wrong passwords, even for the right one, and for nobody else', async () => {
    await using gateway = await startAccounts();
    const guesses = await Promise.all(Array.from({ length: 11 }, () => gateway.attempt('bob', 'guess')));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
    const late = await gateway.attempt('bob', 'bob_password');
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await gateway.attempt('alice', 'alice_password')).status).toBe(200);
  });

  test('with a password that is right starts the count anew', async () => {
    await using gateway = await startAccounts();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 9; n++) expect((await gateway.attempt('bob', 'guess')).status).toBe(401);
      expect((await gateway.attempt('bob', 'bob_password')).status).toBe(200);
    }
  });

  test('with a provider that cannot answer is 503, which says whose fault it is', async () => {
    const away = { mode: 'password', authenticate: () => Promise.reject(new Error('no route to host')) } as const;
    await using gateway = await startAccounts({ providers: [{ name: 'toy', authenticator: away }] });
    expect(textsOf([await gateway.attempt('bob', 'bob_password')])).toEqual([
      [503, "Provider 'toy' cannot say whether this is right: no route to host"],
    ]);
  });

  test('is described for whoever wants to', async () => {
    await using gateway = await startAccounts();
    expect((await gateway.call('GET', '/api/auth/about')).body).toMatchObject({
      required: true,
      providers: [{ provider: 'toy', mode: 'password', links: { auth_endpoint: '/api/auth/provider/toy/token' } }],
      links: { refresh_session: '/api/auth/session/refresh' },
    });
  });
});

describe('a session', () => {
  test('goes on with a new pair of tokens', async () => {
    await using gateway = await startAccounts();
    const first = await gateway.signIn('alice');
    const next = await gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token: first.refresh_token });

    expect(next.status).toBe(200);
    expect(next.body.refresh_token).not.toBe(first.refresh_token);
    expect((await gateway.call('GET', '/api/status', `Bearer ${String(next.body.access_token)}`)).status).toBe(200);
    expect((await gateway.call('GET', '/api/status', first.bearer)).status).toBe(200);
  });

  test('gives the same answer to the same refresh token, twenty times at once', async () => {
    await using gateway = await startAccounts();
    const { refresh_token } = await gateway.signIn('alice');
    const asked = Array.from({ length: 20 }, () =>
      gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token }),
    );
    const answers = new Set((await Promise.all(asked)).map(({ body }) => JSON.stringify(body)));
    expect(answers.size).toBe(1);
  });

  test('ends when a refresh token turns up after its successor was used', async () => {
    await using gateway = await startAccounts();
    const first = await gateway.signIn('alice');
    const refresh = (refresh_token: unknown) =>
      gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token });
    const second = (await refresh(first.refresh_token)).body;
    const third = (await refresh(second.refresh_token)).body;

    expect(textsOf([await refresh(first.refresh_token)])).toEqual([[401, EXPIRED]]);

    expect(textsOf([await refresh(third.refresh_token)])).toEqual([[401, EXPIRED]]);
    expect(textsOf([await gateway.call('GET', '/api/status', `Bearer ${String(third.access_token)}`)])).toEqual([
      [401, EXPIRED],
    ]);
    expect(gateway.audit()).toContainEqual(
      expect.objectContaining({ what: 'session ended', why: 'a refresh token was used twice' }),
    );
  });

  test('ends when its owner says so, and its access token with it', async () => {
    await using gateway = await startAccounts();
    const { bearer, refresh_token } = await gateway.signIn('bob');
    const { sessions } = (await gateway.call('GET', '/api/auth/whoami', bearer)).body as {
      sessions: { uuid: string }[];
    };
    const url = `/api/auth/session/revoke/${sessions[0]?.uuid}`;
    const other = await gateway.signIn('alice');

    const refused = [await gateway.call('DELETE', url, other.bearer), await gateway.call('DELETE', url)];
    const done = await gateway.call('DELETE', url, bearer);

    expect(textsOf(refused)).toEqual(
      Array.from({ length: 2 }, () => [404, 'Sessions does not exist or requester has insufficient permissions']),
    );
    expect([done.status, done.body]).toEqual([200, { success: true, msg: '' }]);
    const after = [
      await gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token }),
      await gateway.call('GET', '/api/status', bearer),
    ];
    expect(textsOf(after)).toEqual([
      [401, EXPIRED],
      [401, EXPIRED],
    ]);
  });

  test('ends at logout; who has none logs out, too', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('bob');
    expect((await gateway.call('POST', '/api/auth/logout', bearer)).body).toEqual({});
    expect((await gateway.call('GET', '/api/status', bearer)).status).toBe(401);
    expect((await gateway.call('POST', '/api/auth/logout')).body).toEqual({});
  });

  test('outlives the gateway, with the key that it keeps when none is configured', async () => {
    await using first = await startAccounts({ secretKeys: [] });
    const { bearer, refresh_token } = await first.signIn('alice');
    await first.app.close();
    await using second = await startAccounts({ secretKeys: [] }, { data_dir: first.dataDir });
    expect((await second.call('GET', '/api/status', bearer)).status).toBe(200);
    expect((await second.call('POST', '/api/auth/session/refresh', '', { refresh_token })).status).toBe(200);
    expect(statSync(join(first.dataDir, 'accounts', 'secret-key')).mode & 0o777).toBe(0o600);
  });

  test('has an access token that expires, with the text on which clients refresh', async () => {
    const lifetimes = { access_token_max_age: 0, refresh_token_max_age: 600, session_max_age: 1000 };
    await using gateway = await startAccounts({ lifetimes });
    const { bearer, refresh_token } = await gateway.signIn('alice');
    expect(textsOf([await gateway.call('GET', '/api/status', bearer)])).toEqual([
      [401, 'Access token has expired. Refresh token.'],
    ]);
    expect((await gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token })).status).toBe(200);
  });
});

describe('an API key', () => {
  test('may do what its owner may, in the header in any case and in the query', async () => {
    await using gateway = await startAccounts();
    const { secret } = await gateway.makeKey((await gateway.signIn('alice')).bearer);
    for (const header of [`ApiKey ${secret}`, `apikey ${secret}`, `APIKEY ${secret.toUpperCase()}`]) {
      expect((await gateway.call('GET', '/api/queue/get', header)).status).toBe(200);
    }
    expect((await gateway.call('GET', `/api/queue/get?api_key=${secret}`)).status).toBe(200);
  });

  test('signs items with the name of its owner', async () => {
    await using gateway = await startAccounts();
    const { header } = await gateway.makeKey((await gateway.signIn('bob')).bearer);
    await gateway.call('POST', '/api/queue/item/add', header, { item: { name: 'count', item_type: 'plan' } });
    expect(gateway.manager.received.find(({ method }) => method === 'queue_item_add')).toMatchObject({
      params: { user: 'bob <bob@gmail.com>', user_group: 'primary' },
    });
  });

  test('may do less, never more: it makes no key that exceeds it', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('alice');
    const small = await gateway.makeKey(bearer, { scopes: ['read:status', 'user:apikeys'] });
    expect((await gateway.call('GET', '/api/status', small.header)).status).toBe(200);
    expect((await gateway.call('GET', '/api/queue/get', small.header)).status).toBe(403);
    expect((await gateway.call('GET', '/api/auth/scopes', small.header)).body).toEqual({
      roles: ['user'],
      scopes: ['read:status', 'user:apikeys'],
    });

    const wanted = { expires_in: 900, scopes: ['read:status', 'read:queue'] };
    const [tooMuch, inherited] = [
      await gateway.call('POST', '/api/auth/apikey', small.header, wanted),
      await gateway.call('POST', '/api/auth/apikey', small.header, { expires_in: null }),
    ];
    expect(textsOf([tooMuch])).toEqual([
      [
        400,
        "Requested scopes ['read:queue', 'read:status'] must be a subset of the allowed principal's scopes ['read:status', 'user:apikeys'].",
      ],
    ]);
    expect(inherited.body).toMatchObject({ scopes: ['read:status', 'user:apikeys'], expiration_time: null });
  });

  test('loses what its owner loses', async () => {
    const policy = new ChangingPolicy(USERS);
    await using gateway = await startAccounts({ policy });
    const { header } = await gateway.makeKey((await gateway.signIn('alice')).bearer);
    expect((await gateway.call('POST', '/api/queue/clear', header)).status).toBe(200);
    policy.become({ ...USERS, alice: { roles: 'observer' } });
    expect((await gateway.call('POST', '/api/queue/clear', header)).status).toBe(403);
    policy.become({ bob: USERS.bob });
    expect(textsOf([await gateway.call('GET', '/api/status', header)])).toEqual([
      [401, 'Permissions for the user are revoked. Please contact the administrator.'],
    ]);
  });

  test('tells about itself, and that it was used', async () => {
    await using gateway = await startAccounts();
    const { header, firstEight, secret } = await gateway.makeKey((await gateway.signIn('bob')).bearer, { note: 'n' });
    expect(secret).toMatch(/^[0-9a-f]{72}$/);
    await gateway.call('GET', '/api/status', header);
    const { body } = await gateway.call('GET', '/api/auth/apikey', header);
    expect(body).toEqual({
      first_eight: firstEight,
      expiration_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      note: 'n',
      scopes: ['inherit'],
      latest_activity: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(textsOf([await gateway.call('GET', '/api/auth/apikey')])).toEqual([
      [401, 'No API key was provided with this request.'],
    ]);
  });

  test('is deleted by its owner, once', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('bob');
    const { header, firstEight } = await gateway.makeKey(bearer);
    const url = `/api/auth/apikey?first_eight=${firstEight}`;
    expect((await gateway.call('DELETE', url, header)).body).toEqual({ success: true, msg: '' });
    expect(textsOf([await gateway.call('DELETE', url, header), await gateway.call('DELETE', url, bearer)])).toEqual([
      [401, 'Invalid API key'],
      [404, 'The currently-authenticated PrincipalType.user has no such API key.'],
    ]);
  });

  test.each([
    [{}, 'missing', 'expires_in'],
    [{ expires_in: 'x' }, 'int_type', 'expires_in'],
    [{ expires_in: -1 }, 'int_type', 'expires_in'],
    [{ expires_in: 1, scopes: 'all' }, 'list_type', 'scopes'],
    [{ expires_in: 1, note: 'x'.repeat(256) }, 'string_type', 'note'],
  ])('is not made of %j', async (wanted, type, name) => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('bob');
    const { status, body } = await gateway.call('POST', '/api/auth/apikey', bearer, wanted);
    expect([status, body.detail]).toEqual([422, [expect.objectContaining({ type, loc: ['body', name] })]]);
  });

  test.each(['not-a-key', 'abc', 'ab'.repeat(36)])('%s is none', async (secret) => {
    await using gateway = await startAccounts();
    const { status, body, headers } = await gateway.call('GET', '/api/queue/get', `ApiKey ${secret}`);
    expect([status, body.detail]).toEqual([401, 'Invalid API key']);
    expect(headers.get('www-authenticate')).toBe('Bearer scope="read:queue"');
  });

  test('of the single user opens nothing where there are accounts', async () => {
    await using gateway = await startAccounts();
    expect((await gateway.call('GET', '/api/status', 'ApiKey test')).status).toBe(401);
  });
});

describe('an administrator', () => {
  test('sees everybody as they see themselves', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const selves = [
      (await gateway.call('GET', '/api/auth/whoami', bob.bearer)).body,
      (await gateway.call('GET', '/api/auth/whoami', alice.bearer)).body,
    ];
    expect((await gateway.call('GET', '/api/auth/principal', bob.bearer)).body).toEqual(selves);
    const one = await gateway.call('GET', `/api/auth/principal/${String(selves[1]?.uuid)}`, bob.bearer);
    expect(one.body).toEqual(selves[1]);
    expect(one.body).toMatchObject({
      type: 'user',
      identities: [{ id: 'alice', provider: 'toy' }],
      sessions: [{ revoked: false }],
      api_keys: [],
    });
  });

  test('makes a key for somebody, which may do no more than they', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const url = `/api/auth/principal/${await gateway.uuidOf(alice.bearer)}/apikey`;
    const { body } = await gateway.call('POST', url, bob.bearer, { expires_in: 900 });
    expect((await gateway.call('GET', '/api/auth/scopes', `ApiKey ${String(body.secret)}`)).body).toMatchObject({
      roles: ['user'],
    });
    const tooMuch = await gateway.call('POST', url, bob.bearer, { expires_in: 900, scopes: ['admin:apikeys'] });
    expect(tooMuch.status).toBe(400);
    expect((await gateway.call('POST', url, alice.bearer, { expires_in: 900 })).status).toBe(403);
  });

  test('is told who is not there', async () => {
    await using gateway = await startAccounts();
    const { bearer } = await gateway.signIn('bob');
    const nobody = '00000000-0000-4000-8000-000000000000';
    const answers = [
      await gateway.call('GET', `/api/auth/principal/${nobody}`, bearer),
      await gateway.call('POST', `/api/auth/principal/${nobody}/apikey`, bearer, { expires_in: 1 }),
      await gateway.call('POST', `/api/auth/principal/${nobody}/disable`, bearer),
    ];
    const text = `Principal ${nobody} does not exist or insufficient permissions.`;
    expect(textsOf(answers)).toEqual(Array.from({ length: 3 }, () => [404, text]));
  });

  test('shuts somebody out, with tokens and keys, and lets them in again', async () => {
    await using gateway = await startAccounts();
    const [bob, alice] = [await gateway.signIn('bob'), await gateway.signIn('alice')];
    const { header } = await gateway.makeKey(alice.bearer);
    const uuid = await gateway.uuidOf(alice.bearer);
    const answers = async () =>
      (
        await Promise.all([
          gateway.call('GET', '/api/status', alice.bearer),
          gateway.call('GET', '/api/status', header),
          gateway.attempt('alice', 'alice_password'),
        ])
      ).map(({ status }) => status);

    await gateway.call('POST', `/api/auth/principal/${uuid}/disable`, bob.bearer);
    expect(await answers()).toEqual([401, 401, 401]);
    await gateway.call('POST', `/api/auth/principal/${uuid}/enable`, bob.bearer);
    expect(await answers()).toEqual([200, 200, 200]);
  });
});

describe('the audit log', () => {
  test('says who did what from where, and what was refused', async () => {
    await using gateway = await startAccounts();
    await gateway.attempt('bob', 'wrong');
    const { bearer } = await gateway.signIn('alice');
    const { firstEight } = await gateway.makeKey(bearer);
    await gateway.call('DELETE', `/api/auth/apikey?first_eight=${firstEight}`, bearer);
    await gateway.call('POST', '/api/permissions/reload', bearer, {});
    await gateway.call('GET', '/api/status', 'ApiKey ab');
    await gateway.call('GET', '/api/status');

    expect(gateway.audit()).toMatchObject([
      { what: 'sign-in refused', provider: 'toy', why: 'WRONG_PASSWORD', who: { name: 'bob', address: '127.0.0.1' } },
      { what: 'signed in', provider: 'toy', who: { name: 'alice', request: expect.any(String) } },
      { what: 'key made', first_eight: firstEight, scopes: ['inherit'], who: { name: 'alice "Alice"' } },
      { what: 'key deleted', first_eight: firstEight },
      { what: 'refused', method: 'POST', url: '/api/permissions/reload', who: { name: 'alice "Alice"' } },
      { what: 'refused', method: 'GET', url: '/api/status', why: 'Invalid API key' },
    ]);
  });

  test('holds no secret, and neither does any other file or log line', async () => {
    await using gateway = await startAccounts();
    const pair = await gateway.signIn('alice');
    const { secret } = await gateway.makeKey(pair.bearer);
    await gateway.call('GET', `/api/status?api_key=${secret}`);
    await gateway.call('POST', `/api/queue/clear?api_key=${secret}`);
    await gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token: pair.refresh_token });
    await gateway.attempt('alice', 'a_wrong_password');

    const kept = readdirSync(gateway.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
    const everything = [...kept, ...gateway.log].join('\n');
    for (const word of [secret, pair.access_token, pair.refresh_token, 'alice_password', 'a_wrong_password']) {
      expect(everything).not.toContain(word);
    }
    expect(everything).toContain(secret.slice(0, 8));
  });

  test('is readable by its owner alone', async () => {
    await using gateway = await startAccounts();
    await gateway.signIn('alice');
    expect(statSync(join(gateway.dataDir, 'logs', 'audit.jsonl')).mode & 0o777).toBe(0o600);
  });
});

test.each(['UNAUTHENTICATED_SINGLE_USER', 'UNAUTHENTICATED_PUBLIC'])(
  'nobody signs in as %s, whatever a provider says',
  async (name) => {
    const authenticator = new DictionaryAuthenticator({ [name]: 'a_password' });
    await using gateway = await startAccounts({ providers: [{ name: 'toy', authenticator }] });
    const body = new URLSearchParams({ username: name, password: 'a_password' });
    expect((await gateway.call('POST', '/api/auth/provider/toy/token', '', body)).status).toBe(401);
  },
);

import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { combined } from '../../src/auth/access/api-access.ts';
import { oneGroup } from '../../src/auth/access/resource-access.ts';
import { dictionaryAccess } from '../../src/auth/access/table-access.ts';
import type { Accounts } from '../../src/auth/accounts/accounts.ts';
import type { AccountsConfig } from '../../src/auth/accounts-config.ts';
import { DictionaryAuthenticator } from '../../src/auth/authenticators/dictionary.ts';
import { ROLES } from '../../src/auth/roles.ts';
import type { RoleName } from '../../src/auth/roles.ts';
import type { StoredSession } from '../../src/auth/store/store.ts';
import { Tokens } from '../../src/auth/tokens/tokens.ts';
import type { Scope } from '../../src/protocol/methods/define-method.ts';
import type { App } from '../../src/routes/declaration.ts';
import { ClientSocket } from '../support/client-socket.ts';
import { startGateway } from '../support/gateway.ts';

/**
 * Every route and socket, by the table that the gateway itself keeps of them, times every role, times what may be shown. A
 * route that is declared tomorrow is walked tomorrow.
 */
const BY_NAME = ['admin', 'expert', 'advanced', 'user', 'observer'] as const satisfies readonly RoleName[];
const PASSWORD = 'a word';
const SECRET_KEY = randomBytes(32).toString('hex');
const HERE = { address: '127.0.0.1', request: 'matrix' };

const authenticator = new DictionaryAuthenticator(Object.fromEntries(BY_NAME.map((role) => [role, PASSWORD])));
const config: AccountsConfig = {
  providers: [{ name: 'toy', authenticator }],
  policy: combined(
    dictionaryAccess({ users: Object.fromEntries(BY_NAME.map((role) => [role, { roles: role }])) }),
    oneGroup({}),
  ),
  secretKeys: [SECRET_KEY],
  lifetimes: { access_token_max_age: 900, refresh_token_max_age: 900, session_max_age: null },
};

/** What one may show, and what a route says to those whom it does not let in, whoever they are. */
const REFUSED = {
  'a wrong key': 'Invalid API key',
  'an expired key': 'Invalid API key',
  'a revoked key': 'Invalid API key',
  'a wrong token': 'Could not validate credentials',
  'an expired token': 'Access token has expired. Refresh token.',
  'the token of a session that is over': 'Session has expired. Please re-authenticate.',
} as const;
type Shown = keyof typeof REFUSED | 'the right key' | 'the right token';
type Headers = Record<Shown, { authorization: string }>;

const gateway = await startGateway(undefined, {}, { accounts: config });
afterAll(() => gateway[Symbol.asyncDispose]());
const headers = await headersOfAll(gateway.app);

async function headersOfAll(app: App): Promise<Record<(typeof BY_NAME)[number], Headers>> {
  const accounts = app.parts.accounts as Accounts;
  const all = await Promise.all(BY_NAME.map(async (role) => [role, await headersOf(accounts, role)] as const));
  return Object.fromEntries(all) as Record<(typeof BY_NAME)[number], Headers>;
}

async function headersOf(accounts: Accounts, role: string): Promise<Headers> {
  const signIn = () =>
    accounts.sessions.signInWithPassword({ name: 'toy', authenticator }, { userName: role, password: PASSWORD }, HERE);
  const over = await signIn();
  const { uuid: principal } = (await accounts.store.principalOf('toy', role)) ?? { uuid: '' };
  const [session] = (await accounts.store.sessionsOf(principal)) as [StoredSession];
  await accounts.store.endSession(session.uuid);
  const right = await signIn();
  const tokens = new Tokens([SECRET_KEY], config.lifetimes, () => 0);
  const [live] = (await accounts.store.sessionsOf(principal)).filter(({ isEnded }) => !isEnded) as [StoredSession];
  const expired = await tokens.pairOf({ ...live, createdAt: 1_000_000, refreshedAt: null });

  const make = () =>
    accounts.keys.make(
      { principal, scopes: new Set(ROLES[role as RoleName]) },
      { expiresIn: null, scopes: null, note: null },
      { name: role },
    );
  const [key, old, revoked] = await Promise.all([make(), make(), make()]);
  await accounts.store.deleteKey(old.key.hash);
  await accounts.store.addKey({ ...old.key, expiresAt: 1_000_000 });
  await accounts.keys.revoke(principal, revoked.key.firstEight, { name: 'admin' });

  const apiKey = (secret: string) => ({ authorization: `ApiKey ${secret}` });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  return {
    'the right key': apiKey(key.secret),
    'a wrong key': apiKey(randomBytes(36).toString('hex')),
    'an expired key': apiKey(old.secret),
    'a revoked key': apiKey(revoked.secret),
    'the right token': bearer(right.access_token),
    'a wrong token': bearer(`${right.access_token.slice(0, -8)}AAAAAAAA`),
    'an expired token': bearer(expired.access_token),
    'the token of a session that is over': bearer(over.access_token),
  };
}

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly access: Scope | 'anybody' | 'public';
  readonly isSocket: boolean;
}

const routes: Route[] = gateway.app.routeTable.flatMap(({ method, url, config: of }) =>
  [method].flat().flatMap((verb) => {
    const declared = of?.declared;
    if (declared === undefined || verb === 'OPTIONS') return [];
    // Nobody is called so, so that nothing is done to anybody.
    const path = url.replace(/:\w+/g, 'nobody').replace('*', '');
    return {
      name: `${verb} ${url}`,
      method: verb,
      path,
      access: declared.access,
      isSocket: declared.isSocket === true,
    };
  }),
);
const http = routes.filter(({ isSocket }) => !isSocket);
const scoped = http.filter(({ access }) => access !== 'public' && access !== 'anybody');
const sockets = routes.filter(({ isSocket }) => isSocket);
const shown = Object.entries(REFUSED) as [keyof typeof REFUSED, string][];

/** What a route answers; of a stream its beginning. */
async function answerOf({ method, path }: Route, show: Record<string, string> = {}) {
  const reply = await fetch(gateway.url + path, { method, headers: show });
  const isRefused = reply.status === 401 || reply.status === 403;
  const detail = isRefused ? ((await reply.json()) as { detail: unknown }).detail : undefined;
  if (!isRefused) await reply.body?.cancel();
  return { status: reply.status, detail, wants: reply.headers.get('www-authenticate') };
}

const roleName = (role: string) => role as (typeof BY_NAME)[number];
const holds = (role: string, scope: string) => (ROLES[role as RoleName] as readonly string[]).includes(scope);

test('the matrix has all there is: more routes than the original, its three sockets, and a scope for most', () => {
  expect(http.length).toBeGreaterThan(60);
  expect(sockets.length).toBeGreaterThanOrEqual(3);
  expect(scoped.length).toBeGreaterThan(45);
});

describe('who shows nothing', () => {
  test.each(scoped)('is asked by $name who they are', async (route) => {
    const { status, detail, wants } = await answerOf(route);
    expect([status, detail]).toEqual([
      401,
      `Not enough permissions. Requires scopes ['${route.access}']. Request had scopes []`,
    ]);
    expect(wants).toBe(`Bearer scope="${route.access}"`);
  });
});

describe('who shows what is not good', () => {
  const notPublic = http.filter(({ access }) => access !== 'public');
  test.each(notPublic)('is asked by $name who they are, whatever their role', async (route) => {
    const answers = BY_NAME.flatMap((role) =>
      shown.map(async ([what, text]) => {
        const { status, detail } = await answerOf(route, headers[roleName(role)][what]);
        return { role, what, status, detail, text };
      }),
    );
    const wrong = (await Promise.all(answers)).filter(({ status, detail, text }) => status !== 401 || detail !== text);
    expect(wrong).toEqual([]);
  });
});

describe('who shows what is good', () => {
  test.each(scoped)(
    'is let in by $name if their role holds its scope, and told that it is not for them if not',
    async (route) => {
      for (const role of BY_NAME) {
        for (const what of ['the right key', 'the right token'] as const) {
          const { status, detail } = await answerOf(route, headers[role][what]);
          if (holds(role, route.access)) expect([role, what, [401, 403].includes(status)]).toEqual([role, what, false]);
          else {
            expect([role, what, status]).toEqual([role, what, 403]);
            expect(detail).toMatch(`Not enough permissions. Requires scopes ['${route.access}']. Request had scopes [`);
          }
        }
      }
    },
  );

  test.each(http.filter(({ access }) => access === 'anybody'))('is let in by $name', async (route) => {
    for (const role of BY_NAME) {
      const { status } = await answerOf(route, headers[role]['the right key']);
      expect([role, [401, 403].includes(status)]).toEqual([role, false]);
    }
  });
});

describe.each(sockets)('the socket $path', ({ path, access }) => {
  const url = gateway.url + path;

  test.each(shown)('refuses %s before the upgrade', async (what, text) => {
    for (const role of BY_NAME) {
      expect(await ClientSocket.refusal(url, headers[role][what])).toEqual({ status: 403, body: { detail: text } });
    }
  });

  test('lets in by header exactly the roles that hold its scope', async () => {
    for (const role of BY_NAME) {
      const show = headers[role]['the right key'];
      if (holds(role, access)) (await ClientSocket.open(url, show)).socket.terminate();
      else expect(await ClientSocket.refusal(url, show)).toMatchObject({ status: 403 });
    }
  });

  test('closes with 4401 on a first message that is not good, and with 4403 on one that is not for them', async () => {
    const say = async (credential: { authorization: string }) => {
      const client = await ClientSocket.open(url);
      client.socket.send(JSON.stringify({ type: 'auth', api_key: credential.authorization.slice('ApiKey '.length) }));
      return (await client.closed()).code;
    };
    for (const what of ['a wrong key', 'an expired key', 'a revoked key'] as const) {
      expect([what, await say(headers.user[what])]).toEqual([what, 4401]);
    }
    const without = BY_NAME.find((role) => !holds(role, access));
    if (without !== undefined) expect(await say(headers[without]['the right key'])).toBe(4403);
  });
});

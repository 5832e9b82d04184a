import { expect, test } from 'vitest';
import { openAccounts } from '../../src/gateway/accounts-store.ts';
import { accountsConfig, startAccounts } from '../support/accounts.ts';
import { ClientSocket } from '../support/client-socket.ts';
import { RedisServer } from '../support/redis.ts';

/** Two gateways, each in front of a manager of its own, that share accounts. */
async function twoGateways() {
  const redis = await RedisServer.start();
  const one = await startAccounts({}, {}, redis.address);
  const other = await startAccounts({}, {}, redis.address);
  return {
    redis,
    one,
    other,
    async [Symbol.asyncDispose]() {
      for (const each of [one, other, redis]) await each[Symbol.asyncDispose]();
    },
  };
}

test('a token, a key and a refresh of one gateway are good at the other', async () => {
  await using gateways = await twoGateways();
  const { one, other } = gateways;
  const { bearer, refresh_token } = await one.signIn('alice');
  const { header } = await one.makeKey(bearer);
  expect((await other.call('GET', '/api/queue/get', bearer)).status).toBe(200);
  expect((await other.call('GET', '/api/queue/get', header)).status).toBe(200);
  const answers = await Promise.all(
    [one, other].map((gateway) => gateway.call('POST', '/api/auth/session/refresh', '', { refresh_token })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.body).toEqual(answers[1]?.body);
});

test('what is revoked at one gateway ends at the other, sockets included', async () => {
  await using gateways = await twoGateways();
  const { one, other } = gateways;
  const [bob, alice] = [await one.signIn('bob'), await other.signIn('alice')];
  const { header, firstEight } = await other.makeKey(alice.bearer);
  using byKey = await ClientSocket.open(`${other.url}/api/console_output/ws`, { authorization: header });
  using byToken = await ClientSocket.open(`${other.url}/api/console_output/ws`, { authorization: alice.bearer });
  const [keyClosed, tokenClosed] = [byKey.closed(), byToken.closed()];

  const url = `/api/auth/principal/${await other.uuidOf(alice.bearer)}`;
  await one.call('DELETE', `${url}/apikey?first_eight=${firstEight}`, bob.bearer);
  expect((await keyClosed).code).toBe(4401);
  expect((await other.call('GET', '/api/status', header)).status).toBe(401);
  expect((await other.call('GET', '/api/status', alice.bearer)).status).toBe(200);

  await one.call('POST', `${url}/disable`, bob.bearer);
  expect((await tokenClosed).code).toBe(4401);
  expect((await other.call('GET', '/api/status', alice.bearer)).status).toBe(401);
});

test('wrong passwords at one gateway count at the other', async () => {
  await using gateways = await twoGateways();
  const { one, other } = gateways;
  for (let n = 0; n < 5; n++) for (const gateway of [one, other]) await gateway.attempt('bob', 'guess');
  expect((await other.attempt('bob', 'bob_password')).status).toBe(429);
});

test('while Redis is away who has an account is told so, and it goes on when it is back', async () => {
  await using gateways = await twoGateways();
  const { one, redis } = gateways;
  const { bearer } = await one.signIn('alice');
  await redis.kill();
  await expect.poll(async () => (await one.call('GET', '/api/status', bearer)).status).toBe(503);
  await redis.startAgain();
  // Nothing was saved: the session is gone, which is not the same as being unable to tell.
  await expect.poll(async () => (await one.call('GET', '/api/status', bearer)).status, { timeout: 10_000 }).toBe(401);
});

test('without a secret key of their own gateways do not share accounts', async () => {
  const secrets = { singleUserApiKey: null, secretKeys: [], accountsRedis: 'redis://127.0.0.1:1' };
  await expect(openAccounts(accountsConfig({ secretKeys: [] }), { data_dir: '/nowhere' }, secrets)).rejects.toThrow(
    'must share the keys that sign tokens: set QSERVER_HTTP_SERVER_SECRET_KEYS',
  );
});

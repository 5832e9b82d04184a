import { expect, test } from 'vitest';
import type { App } from '../../../src/routes/declaration.ts';
import { buildApp } from '../../../src/gateway/app.ts';
import { makeLog } from '../../../src/gateway/log.ts';
import { makeParts } from '../../../src/gateway/parts.ts';
import { gatewaySettings } from '../../support/gateway.ts';

async function anApp(add: (app: App) => void) {
  const log = makeLog('silent');
  const nowhere = { controlAddress: 'tcp://127.0.0.1:9', infoAddress: 'tcp://127.0.0.1:9' };
  const parts = makeParts(
    gatewaySettings(nowhere),
    { singleUserApiKey: 'test', secretKeys: [], accountsRedis: null },
    log,
  );
  const app = await buildApp(parts, log);
  add(app);
  return { app, [Symbol.asyncDispose]: async () => (await app.close(), await parts.close()) };
}

test('a route that declares no scope ends the boot, and is named', async () => {
  await using booting = await anApp((app) => void app.get('/api/forgotten', () => 'open'));
  await expect(booting.app.ready()).rejects.toThrow('GET /api/forgotten');
});

test('a route that says that it is public asks for nothing', async () => {
  await using booting = await anApp(
    (app) => void app.get('/open', { config: { declared: { access: 'public', summary: 'Open' } } }, () => 'open'),
  );
  expect((await booting.app.inject('/open')).body).toBe('open');
});

test('a principal without the scope is told that it is not for them', async () => {
  await using booting = await anApp(
    (app) =>
      void app.get('/keys', { config: { declared: { access: 'admin:apikeys', summary: 'Keys' } } }, () => 'keys'),
  );
  const reply = await booting.app.inject({ url: '/keys', headers: { authorization: 'ApiKey test' } });
  expect(reply.statusCode).toBe(403);
  expect(reply.json()).toEqual({
    detail: expect.stringContaining("Not enough permissions. Requires scopes ['admin:apikeys']"),
  });
});

test('what nobody expected is 500 with a reference, and its stack is nowhere in the reply', async () => {
  await using booting = await anApp(
    (app) =>
      void app.get('/bug', { config: { declared: { access: 'public', summary: 'Bug' } } }, () => {
        throw new TypeError('a secret detail');
      }),
  );
  const reply = await booting.app.inject('/bug');
  expect([reply.statusCode, reply.json()]).toEqual([
    500,
    { detail: expect.stringMatching(/^Internal Server Error \(reference \S+\)$/) },
  ]);
});

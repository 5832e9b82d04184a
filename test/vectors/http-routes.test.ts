import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../../src/gateway/app.ts';
import { makeLog } from '../../src/gateway/log.ts';
import { makeParts } from '../../src/gateway/parts.ts';
import type { App } from '../../src/routes/declaration.ts';
import { gatewaySettings } from '../support/gateway.ts';

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'WEBSOCKET';
  readonly path: string;
  readonly scopes: readonly string[];
}

const folder = process.env.BEAMGATE_VECTORS ?? '../shared/vectors';
const { routes } = JSON.parse(readFileSync(join(folder, 'http-auth-scopes/routes.json'), 'utf8')) as {
  routes: Route[];
};

/** Of methods that are not declared yet. */
const UNDECLARED = /^\/api\/test\b|spreadsheet/;

const nowhere = { controlAddress: 'tcp://127.0.0.1:9', infoAddress: 'tcp://127.0.0.1:9' };
const log = makeLog('silent');
const parts = makeParts(
  gatewaySettings(nowhere),
  { singleUserApiKey: 'test', secretKeys: [], accountsRedis: null },
  log,
);
let app: App;
beforeAll(async () => {
  app = await buildApp(parts, log);
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await parts.close();
});

const served = routes.filter(({ path }) => !UNDECLARED.test(path));

test.each(served.filter(({ method, scopes }) => method !== 'WEBSOCKET' && scopes.length > 0))(
  '$method $path asks for the scope that the original asks for',
  async ({ method, path, scopes: [scope] }) => {
    const reply = await app.inject({ method: method as 'GET' | 'POST', url: path });
    expect(reply.statusCode).toBe(401);
    expect(reply.json()).toEqual({
      detail: `Not enough permissions. Requires scopes ['${scope}']. Request had scopes []`,
    });
    expect(reply.headers['www-authenticate']).toBe(`Bearer scope="${scope}"`);
  },
);

test.each(served.filter(({ method }) => method === 'WEBSOCKET'))('$path is a WebSocket', async ({ path }) => {
  expect((await app.inject(path)).statusCode).toBe(426);
});

test('most of the routes of the original are served', () => {
  expect(served.length).toBeGreaterThan(40);
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AUTHORIZED, gatewaySettings } from '../support/gateway.ts';
import { aFolder } from '../support/supervised.ts';
import { ScriptedManager } from '../support/scripted-manager.ts';

const MAIN = new URL('../../src/gateway/main.ts', import.meta.url).pathname;

/** The gateway as it is started by the supervisor: a settings file, secrets in the environment, an IPC channel. */
async function startProcess(settings: object, environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'beamgate-gateway-'));
  const file = join(folder, 'gateway.json');
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  const child = fork(MAIN, [file], {
    execArgv: ['--conditions=beamgate-source'],
    silent: true,
    env: { ...process.env, QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY: 'test', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  return {
    child,
    exited,
    output: () => output,
    ready: async () => ((await once(child, 'message')) as [{ type: string; url: string }])[0],
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

test('says where it listens, and prints the line that test suites of the original wait for', async () => {
  using manager = await ScriptedManager.started();
  await using gateway = await startProcess(gatewaySettings(manager));

  const { type, url } = await gateway.ready();

  expect(type).toBe('ready');
  expect((await fetch(`${url}/api/status`, { headers: AUTHORIZED })).status).toBe(200);
  expect(gateway.output()).toContain('Bluesky HTTP Server started successfully');
  expect(gateway.output()).not.toContain('ApiKey test');
});

test('goes on when its parent is gone and when the terminal is interrupted', async () => {
  using manager = await ScriptedManager.started();
  await using gateway = await startProcess(gatewaySettings(manager));
  const { url } = await gateway.ready();

  gateway.child.kill('SIGINT');
  gateway.child.disconnect();

  expect((await fetch(`${url}/api/status`, { headers: AUTHORIZED })).status).toBe(200);
});

test('SIGTERM ends it within two seconds, whoever still listens', async () => {
  using manager = await ScriptedManager.started();
  await using gateway = await startProcess(gatewaySettings(manager));
  const { url } = await gateway.ready();
  const stream = await fetch(`${url}/api/stream_console_output`, { headers: AUTHORIZED });
  const begun = performance.now();

  gateway.child.kill('SIGTERM');

  expect((await gateway.exited)[0]).toBe(0);
  expect(performance.now() - begun).toBeLessThan(2000);
  await stream.body?.cancel().catch(() => undefined);
});

test('settings that are wrong end the start, and are named', async () => {
  using manager = await ScriptedManager.started();
  await using gateway = await startProcess({ ...gatewaySettings(manager), port: 'x' });
  expect((await gateway.exited)[0]).not.toBe(0);
  expect(gateway.output()).toContain('/port');
});

test('the configuration of the original says what the single user may, and as which group', async () => {
  const asked: Record<string, unknown>[] = [];
  using manager = await ScriptedManager.started((method, params) => {
    if (method === 'queue_item_add') asked.push(params);
    return { success: true, msg: '' };
  });
  using folder = aFolder();
  const config = join(folder.path, 'config.yml');
  writeFileSync(
    config,
    `authentication: {single_user_api_key: "\${A_KEY}"}
api_access: {args: {roles: {unauthenticated_single_user: {scopes_set: [write:queue:edit, read:queue]}}}}
resource_access: {args: {default_group: test_user}}
`,
  );
  await using gateway = await startProcess({ ...gatewaySettings(manager), config }, { A_KEY: 'keyfromthefile' });
  const { url } = await gateway.ready();
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(url + path, {
      headers: { authorization: 'ApiKey keyfromthefile', 'content-type': 'application/json' },
      ...init,
    });

  const scopes = await (await ask('/api/auth/scopes')).json();
  await ask('/api/queue/item/add', { method: 'POST', body: '{"item": {"name": "count"}, "user_group": "root"}' });

  expect(scopes).toEqual({
    roles: ['unauthenticated_single_user'],
    scopes: ['read:queue', 'write:queue:edit'],
  });
  expect((await ask('/api/history/get')).status).toBe(403);
  expect(asked).toEqual([expect.objectContaining({ user: 'UNAUTHENTICATED_SINGLE_USER', user_group: 'test_user' })]);
});

test('the configuration of the original names who signs in, and what that one may', async () => {
  using manager = await ScriptedManager.started();
  using folder = aFolder();
  const config = join(folder.path, 'config.yml');
  writeFileSync(
    config,
    `authentication:
  providers:
    - provider: toy
      authenticator: bluesky_httpserver.authenticators:DictionaryAuthenticator
      args: {users_to_passwords: {bob: "\${A_PASSWORD}"}}
api_access:
  policy: bluesky_httpserver.authorization:DictionaryAPIAccessControl
  args: {users: {bob: {roles: observer}}}
`,
  );
  const settings = { ...gatewaySettings(manager), data_dir: folder.path, config };
  await using gateway = await startProcess(settings, { A_PASSWORD: 'a word' });
  const { url } = await gateway.ready();

  const form = new URLSearchParams({ username: 'bob', password: 'a word' });
  const signedIn = await fetch(`${url}/api/auth/provider/toy/token`, { method: 'POST', body: form });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const ask = (path: string, method: string) =>
    fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } });

  expect((await ask('/api/queue/get', 'GET')).status).toBe(200);
  expect((await ask('/api/queue/clear', 'POST')).status).toBe(403);
  // With accounts the key of the single user opens nothing.
  expect((await fetch(`${url}/api/queue/get`, { headers: AUTHORIZED })).status).toBe(401);
});

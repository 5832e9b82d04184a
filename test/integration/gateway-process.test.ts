import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AUTHORIZED, gatewaySettings } from '../support/gateway.ts';
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

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BeamlineClient } from '../support/beamline-client.ts';
import { freePorts } from '../support/beamline.ts';
import { composeFile } from '../support/compose.ts';
import type { ComposeService } from '../support/compose.ts';
import { buildInFolders } from '../support/dockerfile.ts';
import { aFolder } from '../support/supervised.ts';

const KEY = 'test';
/** What a service prints when the next one may start. */
const READY = {
  ioc: 'simulated IOC ready',
  manager: 'RE Manager is ready',
  worker: 'The worker is ready',
  gateway: 'Bluesky HTTP Server started successfully',
};
const PORTS = ['5064', '60610', '60615', '60625'];

const { services } = composeFile();
const folder = aFolder();
// An image brings Node 24 and nothing of ours: here the one that runs the tests stands for it.
const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
let image: string;

beforeAll(async () => {
  image = await buildInFolders(fileURLToPath(new URL('../../Dockerfile', import.meta.url)), folder.path, environment);
}, 300_000);
afterAll(() => folder[Symbol.dispose]());

test('the image has what runs, and neither sources nor what only developers need', () => {
  const has = (path: string) => existsSync(join(image, path));
  expect(['data', 'app/dist/examples/demo-beamline/startup.js', 'app/LICENSE'].filter((path) => !has(path))).toEqual(
    [],
  );
  expect(['app/src', 'app/node_modules/typescript', 'app/node_modules/node'].filter(has)).toEqual([]);
});

test('its services, put on one machine, run a scan of the demo beamline', async () => {
  // Given what stands in docker-compose.yml, with loopback and a free port where each container has an address of its own
  const free = await freePorts(PORTS.length);
  const portHere = (port: string) => String(free[PORTS.indexOf(port)]);
  const here = (text: string) =>
    text
      .replace(/^\/app\//, `${image}/app/`)
      .replace(/^0\.0\.0\.0$|^ioc$|(?<=:\/\/)(\*|manager)(?=:)/, '127.0.0.1')
      .replace(/(?<=^|:)\d{4,5}$/, portHere);
  await using running = new AsyncDisposableStack();
  for (const [name, ready] of Object.entries(READY)) {
    const child = started(services[name] as ComposeService, name);
    running.defer(() => stopped(child));
    await untilPrinted(child, ready);
  }

  // When a scan is submitted and the queue started
  const client = new BeamlineClient(`http://127.0.0.1:${portHere('60610')}`, KEY);
  await client.openEnvironment();
  await client.add('scan', [['peak'], 'm1', -1, 1, 11]);
  await client.must('POST', '/queue/start');

  // Then it ran on the simulated IOC, and the health check of the file agrees
  await client.until((status) => status.items_in_history === 1);
  expect((await client.history())[0]?.result).toMatchObject({ exit_status: 'completed', msg: '' });
  const [, node, ...check] = services['gateway']?.healthcheck?.test ?? [];
  const script = check.map((word) => word.replace('60610', portHere('60610')));
  expect(spawnSync(node as string, script, { env: environment, encoding: 'utf8' })).toMatchObject({ status: 0 });

  function started({ command: [command, ...options], environment: own = {}, volumes }: ComposeService, name: string) {
    const data = join(folder.path, volumes?.[0]?.replace(/:.*/, '') ?? `${name}-data`);
    mkdirSync(data, { recursive: true });
    const variables = Object.entries(own).map(([key, value]) => [key, value.startsWith('${') ? KEY : here(value)]);
    const env = { ...environment, BEAMGATE_DATA: data, EPICS_CA_SERVER_PORT: portHere('5064') };
    return spawn(join(image, 'app/bin/beamgate'), [command as string, ...options.map(here)], {
      cwd: join(image, 'app'),
      env: { ...env, ...(Object.fromEntries(variables) as Record<string, string>) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
});

async function untilPrinted(child: ReturnType<typeof spawn>, text: string): Promise<void> {
  let printed = '';
  const found = Promise.withResolvers<void>();
  const ended = (code: number | null) => found.reject(new Error(`it ended with ${code}: ${printed}`));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      if (printed.includes(text)) found.resolve();
    });
  }
  child.once('exit', ended);
  await found.promise;
  child.off('exit', ended);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePorts } from '../support/beamline.ts';
import { aFolder } from '../support/supervised.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
// Both are to work on the user's own Node, without the pinned one.
const environment = { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env['PATH']}`, CI: 'true' };

test('the package runs its built code and demo in an empty folder', { timeout: 300_000 }, async () => {
  // Given the tarball, installed where there is nothing else
  using folder = aFolder();
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder.path], {
    cwd: root,
    env: environment,
  });
  const tarball = join(folder.path, stdout.trim().split('\n').at(-1) as string);
  const install = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', tarball];
  await run('npm', install, { cwd: folder.path, env: environment });

  // When its beamline is started
  const [http, control, info] = await freePorts(3);
  const addresses = ['--zmq-control-addr', `tcp://127.0.0.1:${control}`, '--zmq-info-addr', `tcp://127.0.0.1:${info}`];
  const beamgate = join(folder.path, 'node_modules/.bin/beamgate');
  const child = spawn(beamgate, ['start', '--port', String(http), ...addresses], {
    cwd: folder.path,
    env: environment,
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes('Beamgate is ready')) break;
  }
  const header = readFileSync(join(folder.path, 'data/auth-header'), 'utf8').trim().replace('Authorization: ', '');
  const call = async (verb: string, path: string) => {
    const reply = await fetch(`http://127.0.0.1:${http}/api${path}`, {
      method: verb,
      headers: { authorization: header },
    });
    return (await reply.json()) as Record<string, unknown>;
  };

  // Then it has the demo beamline, and no source is needed
  expect(await call('POST', '/environment/open')).toMatchObject({ success: true });
  await expect
    .poll(async () => (await call('GET', '/status'))['worker_environment_state'], { timeout: 20_000 })
    .toBe('idle');
  expect((await call('GET', '/devices/allowed'))['devices_allowed']).toHaveProperty('m1');
  expect(() => readFileSync(join(folder.path, 'node_modules/beamgate/src/cli/main.ts'))).toThrow('ENOENT');
  const ended = once(child, 'exit');
  await run(beamgate, ['stop'], { cwd: folder.path, env: environment });
  expect(await ended).toEqual([0, null]);
});

test("the Dockerfile's RUN lines work in a folder of their own", { timeout: 300_000 }, async () => {
  using folder = aFolder();
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) =>
    (files as string).split(' '),
  );
  const commands = [...dockerfile.matchAll(/^RUN (.+)$/gm)].map(([, command]) => command as string);
  for (const file of copied) cpSync(join(root, file), join(folder.path, file), { recursive: true });

  for (const command of commands) await run('sh', ['-ec', command], { cwd: folder.path, env: environment });

  expect(commands.length).toBeGreaterThan(2);
  const { stdout } = await run('node', [join(folder.path, 'dist/src/cli/main.js'), '--version'], { env: environment });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
});

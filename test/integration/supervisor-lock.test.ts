import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { DataHeld, DataLock } from '../../src/supervisor/data-lock.ts';
import { aFolder } from '../support/supervised.ts';

const MODULE = new URL('../../src/supervisor/data-lock.ts', import.meta.url).href;

/** Another process that holds the lock until it is killed. */
async function aHolder(folder: string) {
  const program = `import { DataLock } from '${MODULE}'; DataLock.take('${folder}', '${folder}', 'beamgate start');
    console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a second supervisor is refused and told who holds the directory', async () => {
  using folder = aFolder();
  const holder = await aHolder(folder.path);

  expect(() => DataLock.take(folder.path, folder.path, 'me')).toThrow(DataHeld);
  expect(() => DataLock.take(folder.path, folder.path, 'me')).toThrow(`'beamgate start', pid ${holder.pid}`);

  holder.kill('SIGKILL');
  await once(holder, 'exit');
});

test('a holder that was killed holds nothing any more', async () => {
  using folder = aFolder();
  const holder = await aHolder(folder.path);

  holder.kill('SIGKILL');
  await once(holder, 'exit');

  DataLock.take(folder.path, folder.path, 'the next one').close();
});

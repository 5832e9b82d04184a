import { execFile, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';
import { aFolder } from '../support/supervised.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
// A package has no pinned Node: the one that runs the tests stands for the user's own.
const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };

/** Where a user installed the package, and nothing else. */
const folder = aFolder();
const installed = join(folder.path, 'node_modules/beamgate');
const beamgate = join(folder.path, 'node_modules/.bin/beamgate');

beforeAll(async () => {
  const pack = ['pack', '--silent', '--pack-destination', folder.path];
  const { stdout } = await run('npm', pack, { cwd: root, env: environment });
  const tarball = join(folder.path, stdout.trim().split('\n').at(-1) as string);
  const install = ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', tarball];
  await run('npm', install, { cwd: folder.path, env: environment });
}, 300_000);
afterAll(() => folder[Symbol.dispose]());

test('it has what runs and what a person reads, and no source', () => {
  const has = (path: string) => existsSync(join(installed, path));
  const needed = ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/tutorial/own-beamline.md', 'dist/src/cli/main.js'];
  expect(needed.filter((path) => !has(path))).toEqual([]);
  expect(['src', 'test', 'scripts', 'bench', 'tsconfig.json'].filter(has)).toEqual([]);
});

test('a scan of the demo beamline runs from the built code alone', async () => {
  await using beamline = await Beamline.start({ launcher: beamgate });
  await beamline.openEnvironment();
  await beamline.add('scan', [['peak'], 'm1', -1, 1, 11]);
  await beamline.must('POST', '/queue/start');
  await beamline.until((status) => status.items_in_history === 1);
  expect((await beamline.history())[0]?.result).toMatchObject({ exit_status: 'completed', msg: '' });
});

test('an editor finds the types of what startup code imports', () => {
  // Given startup code of a user, beside the package
  const startup = join(folder.path, 'startup.ts');
  writeFileSync(
    startup,
    `import { EpicsMotor } from 'beamgate/startup';
import { CaContext } from 'beamgate/epics';
export const samx = new EpicsMotor('XF:samx', { name: 'samx' });
export const clients: CaContext[] = [];
`,
  );
  // As `tsc --init` has it: the declarations of packages are not judged themselves.
  const options = '--ignoreConfig --skipLibCheck --noEmit --strict --module nodenext --target es2024'.split(' ');
  const judge = () =>
    spawnSync(join(root, 'node_modules/.bin/tsc'), [...options, startup], { cwd: folder.path, encoding: 'utf8' });
  expect(judge().stdout).toBe('');

  // When a device is taken for what it is not, then the types say so
  writeFileSync(startup, `import { EpicsMotor } from 'beamgate/startup';\nexport const n: number = EpicsMotor;\n`);
  expect(judge().stdout).toContain("Type 'typeof EpicsMotor' is not assignable to type 'number'");
});

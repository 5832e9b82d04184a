import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Each command, with the output that the README shows for it. */
const commands = [...readme.matchAll(/```sh\n(.*?)\n```(?:\n```json\n(.*?)\n```)?/gs)].map(([, command, output]) => ({
  command: command as string,
  output,
}));

/** The words of an answer, whatever the values: names of members, kinds of values, lengths of lists. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

test('every command of the README does what the README shows', async () => {
  // Given a beamline as the first command starts it, on a folder and ports of its own
  await using beamline = await Beamline.start({ madeKey: true });
  const folder = dirname(beamline.dataDir);
  let compared = 0;

  // When each further command is typed, in order
  for (const { command, output } of commands.filter(({ command }) => !command.startsWith('npm ci'))) {
    if (command.includes('history/get')) await beamline.until((status) => status.items_in_history === 1);
    const here = command
      .replaceAll('http://127.0.0.1:60610', beamline.url)
      .replaceAll('data/', `${beamline.dataDir}/`)
      .replace(/^bin\/beamgate (\w+)/, `${root}/bin/beamgate $1 --data-dir ${beamline.dataDir}`);
    const { stdout } = await run('sh', ['-c', here], { cwd: folder });

    // Then the answer has the shape of the one that is printed there
    if (output === undefined) continue;
    expect(shapeOf(JSON.parse(stdout)), command).toEqual(shapeOf(JSON.parse(output)));
    compared++;
    if (command.includes('environment/open')) {
      await beamline.until((s) => s.worker_environment_state === 'idle' && s.manager_state === 'idle');
    }
  }
  expect(compared).toBe(5);
  expect(beamline.running()).toEqual([]);
});

test('the two commands of the README are scripts of the package, and CI calls the second', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  expect(commands.filter(({ command }) => command.startsWith('npm ci')).map(({ command }) => command)).toEqual([
    'npm ci && npm start',
    'npm ci && npm test',
  ]);
  expect(scripts).toMatchObject({ start: 'bin/beamgate start', test: expect.stringContaining('vitest') as string });
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm ci .*\n[^]*npm test/);
});

test('every page that the README names is there', () => {
  const pages = [...readme.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map(([, page]) => page as string);
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.filter((page) => !existsSync(join(root, page)))).toEqual([]);
});

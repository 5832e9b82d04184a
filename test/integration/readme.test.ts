import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Beamline } from '../support/beamline.ts';
import { commandsOf, typeCommands } from '../support/page.ts';
import type { Command, Patience } from '../support/page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isOpen: Patience[string] = (status) =>
  status.worker_environment_state === 'idle' && status.manager_state === 'idle';

test('every command of the README does what the README shows', async () => {
  // Given a beamline as the first command starts it, on a folder and ports of its own
  await using beamline = await Beamline.start({ madeKey: true });
  const commands = commandsOf('README.md').filter(({ command }) => !command.startsWith('npm ci'));

  // When each further command is typed, then the answer has the shape of the one that is printed there
  const patience = { 'environment/open': isOpen, 'queue/start': hasHistory(1) };
  expect(await typeCommands(beamline, commands, patience)).toBe(5);
  expect(beamline.running()).toEqual([]);

  // And what lies in the data directory then is named by the page that says what to back up
  const backUp = readFileSync(join(root, 'docs/how-to/back-up.md'), 'utf8');
  expect(readdirSync(beamline.dataDir).filter((name) => !backUp.includes(`\`${name}`))).toEqual([]);
});

test('the scan of the tutorial is watched, paused, resumed and aborted', async () => {
  await using beamline = await Beamline.start({ madeKey: true });
  const patience: Patience = {
    'environment/open': isOpen,
    'queue/start': (status) => status.re_state === 'running',
    console_output: (status) => status.re_state === 'running',
    're/pause': (status) => status.manager_state === 'paused',
    're/resume': (status) => status.manager_state === 'executing_queue',
    're/abort': hasHistory(1),
  };
  expect(await typeCommands(beamline, commandsOf('docs/tutorial/first-scan.md'), patience)).toBe(4);
  expect((await beamline.history())[0]?.result).toMatchObject({ exit_status: 'aborted' });
});

const [emergency, ...gentler] = commandsOf('docs/how-to/recover-a-stuck-plan.md');

test('everything is stopped by the first command of the page for that', async () => {
  await using beamline = await Beamline.start({ madeKey: true });
  await scanning(beamline);
  await typeCommands(beamline, [emergency as Command], { 're/emergency_stop': hasHistory(1) });
  expect((await beamline.history())[0]?.result).toMatchObject({ exit_status: 'halted' });
});

test('a stuck plan is recovered by the other commands of its page, from the gentle to the certain', async () => {
  // Given a plan that runs
  await using beamline = await Beamline.start({ madeKey: true });
  await scanning(beamline);

  // When each step of the page is taken, then each does what the page says
  const patience: Patience = {
    're/pause': (status) => status.manager_state === 'paused',
    're/abort': (status) => status.items_in_history === 1 && status.items_in_queue === 1,
    'environment/destroy': (status) => status.worker_environment_state === 'closed',
  };
  await typeCommands(beamline, gentler, patience);
  expect(beamline.running()).toEqual([]);
});

test('the two commands of the README are scripts of the package, and CI calls the second', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const commands = commandsOf('README.md').map(({ command }) => command);
  expect(commands.filter((command) => command.startsWith('npm ci'))).toEqual([
    'npm ci && npm start',
    'npm ci && npm test',
  ]);
  expect(scripts).toMatchObject({ start: 'bin/beamgate start', test: expect.stringContaining('vitest') as string });
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toMatch(/npm ci .*\n[^]*npm test/);
});

/** Of a scan that takes long. */
async function scanning(beamline: Beamline): Promise<void> {
  await beamline.openEnvironment();
  await beamline.add('scan', [['peak'], 'm1', -5, 5, 1001]);
  await beamline.must('POST', '/queue/start');
  await beamline.until((status) => status.re_state === 'running');
}

function hasHistory(count: number): Patience[string] {
  return (status) => status.items_in_history === count;
}

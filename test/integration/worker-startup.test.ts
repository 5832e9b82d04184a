import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeManager } from '../support/fake-manager.ts';
import { WorkerPlace } from '../support/worker-process.ts';

async function openedWith(place: WorkerPlace): Promise<FakeManager> {
  const manager = await FakeManager.greeted(place.settings.link);
  await manager.request('environment_open', {});
  await manager.until(() => manager.reports[0]);
  return manager;
}

test('a folder of startup code is run in the order of its names, and every export is offered by its name', async () => {
  using place = new WorkerPlace();
  const dir = join(place.dir, 'startup');
  mkdirSync(dir);
  writeFileSync(
    join(dir, '00-devices.ts'),
    `import { simProfile } from 'beamgate/startup';
     const { namespace } = simProfile();
     export default { det: namespace.det1 };
     export const motor = namespace.motor;`,
  );
  writeFileSync(
    join(dir, '10-plans.mts'),
    `import { definePlan, integer, stubs } from 'beamgate/startup';
     export const wait = definePlan(
       { name: 'wait', parameters: { times: integer('how often', { default: 1 }) } },
       function* ({ times }: { times: number }) { for (let at = 0; at < times; at++) yield* stubs.nothing(); },
     );
     export function* plain() { yield* stubs.nothing(); }
     export const metadata = { beamline: 'TST' };`,
  );
  place.settings.startup = { profile: null, dir, module: null };
  await using _worker = await place.start();
  await using manager = await openedWith(place);

  const opened = await manager.report('environment_opened');
  expect(Object.keys(opened.devices).sort()).toEqual(['det', 'motor']);
  expect(Object.keys(opened.plans).sort()).toEqual(['plain', 'wait']);
  expect(opened.re_metadata).toMatchObject({ beamline: 'TST' });
  expect(await manager.run({ name: 'plain' })).toMatchObject({ exit_status: 'completed' });
});

test.each([
  [
    'a name that is not defined',
    'const a: number = 1;\nexport const b = motorx;\n',
    'startup.ts:2: motorx is not defined',
  ],
  [
    'an import that is not there',
    "\nimport { Motorx } from 'beamgate/startup';\n",
    "startup.ts:2: The requested module 'beamgate/startup' does not provide an export named 'Motorx'",
  ],
  ['a module that is not there', "import 'no-such-module';\n", "'no-such-module'"],
  ['text that is not TypeScript', 'const a = ;\n', 'startup.ts:1:'],
])(
  'startup code with %s fails the opening by file, line and name, and ends the process',
  async (_what, text, expected) => {
    using place = WorkerPlace.withModule(text);
    await using worker = await place.start();
    await using manager = await openedWith(place);

    const failed = await manager.report('environment_failed');
    expect(failed.msg).toContain('Failed to start RE Worker environment. Error while loading startup code: ');
    expect(failed.msg).toContain(expected);
    expect(failed.msg).toContain('startup.ts');

    await manager.request('acknowledge', { number: 1 });
    expect(await worker.exited).toEqual({ code: 0, signal: null });
  },
);

test('TypeScript below node_modules is stripped, too, and finds our modules', async () => {
  using place = WorkerPlace.withModule(
    "import { simProfile } from 'beamgate/startup';\nexport const det1: unknown = simProfile().namespace.det1;\n",
    'node_modules/beamline/startup.ts',
  );
  await using _worker = await place.start();
  await using manager = await openedWith(place);

  expect(Object.keys((await manager.report('environment_opened')).devices)).toEqual(['det1']);
});

test('a function of the startup code runs as a task and its value comes back as JSON', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await openedWith(place);
  const task = (uid: string, name: string, args: unknown[] = []) => ({
    task_uid: uid,
    kind: 'function' as const,
    text: JSON.stringify({ name, item_type: 'function', args }),
    run_in_background: false,
  });
  const done = async (uid: string) =>
    (
      await manager.until(() =>
        manager.reports.find(({ report }) => report.type === 'task_finished' && report.task_uid === uid),
      )
    ).report;

  await manager.request('task_run', task('1', 'push_buffer_element', [5]));
  expect(await done('1')).toMatchObject({ success: true, return_value: 'null', msg: '', traceback: '' });
  await manager.request('task_run', task('2', 'pop_buffer_element'));
  expect(await done('2')).toMatchObject({ success: true, return_value: '5' });
  await manager.request('task_run', task('3', 'pop_buffer_element'));
  expect(await done('3')).toMatchObject({
    success: false,
    msg: "Error occurred while executing 'Execute function': pop from empty list",
    return_value: 'null',
  });
  await manager.request('task_run', task('4', 'unit_test_missing'));
  expect(await done('4')).toMatchObject({
    msg: "Error occurred while executing 'Execute function': Function 'unit_test_missing' is not found in the worker namespace",
  });
});

test('an update tells the plans and devices as they are now', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await openedWith(place);
  const update = (uid: string) => ({ task_uid: uid, kind: 'update' as const, text: '{}', run_in_background: false });

  await manager.request('task_run', update('first'));

  expect(await manager.report('task_finished')).toMatchObject({ task_uid: 'first', success: true, msg: '' });
  expect(await manager.run({ name: 'count', args: [['det1']] })).toMatchObject({ exit_status: 'completed' });
});

test('a task in the foreground has the environment for itself, one in the background does not mind a plan', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await openedWith(place);
  const sleep = (uid: string, inBackground: boolean) => ({
    task_uid: uid,
    kind: 'function' as const,
    text: JSON.stringify({ name: 'function_sleep', item_type: 'function', args: [0.3] }),
    run_in_background: inBackground,
  });

  await manager.request('task_run', sleep('front', false));
  await manager.state((state) => state.environment_state === 'executing_task');
  await expect(manager.request('task_run', sleep('second', false))).rejects.toThrow(
    "Task 'Execute function' was rejected by RE Worker process: Incorrect environment state: 'executing_task'. " +
      "Acceptable states: 'idle', 'reserved'",
  );
  await manager.report('task_finished');
  await manager.request('task_run', sleep('back', true));
  const state = await manager.request('state', {});
  expect(state).toMatchObject({ background_tasks: 1, running_task_uids: ['back'], environment_state: 'idle' });
  expect(await manager.run({ name: 'count', args: [['det1']] })).toMatchObject({ exit_status: 'completed' });
});

test('a script in TypeScript adds to the environment, and the lists are told before the task has finished', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await openedWith(place);
  const script = (uid: string, text: string, updateLists = true) => ({
    task_uid: uid,
    kind: 'script' as const,
    text,
    run_in_background: false,
    update_lists: updateLists,
  });

  await manager.request(
    'task_run',
    script(
      'a',
      `import { definePlan, integer, stubs } from 'beamgate/startup';
       import { det1 } from 'beamgate/environment';
       export const added: unknown = definePlan({ name: 'added', parameters: { n: integer('', { default: 3 }) } },
         function* () { yield* stubs.read(det1); });`,
    ),
  );
  expect(await manager.report('task_finished')).toMatchObject({ success: true });
  expect(manager.reports.map(({ report }) => report.type)).toEqual([
    'environment_opened',
    'lists_changed',
    'task_finished',
  ]);
  expect((await manager.report('lists_changed')).plans).toHaveProperty('added');
  expect(await manager.run({ name: 'added' })).toMatchObject({ exit_status: 'completed' });

  const before = manager.reports.length;
  await manager.request('task_run', script('b', 'export const value = 5;'));
  await manager.report('task_finished', before);
  expect(manager.reports).toHaveLength(before + 1);

  await manager.request('task_run', script('c', 'throw new Error("no");'));
  expect(await manager.report('task_finished', before + 1)).toMatchObject({
    success: false,
    msg: "Error occurred while executing 'Load script': no",
  });
});

test('a script imports what lies beside the startup code, and its errors name its line', async () => {
  using place = WorkerPlace.withModule('export const first = 1;\n');
  writeFileSync(join(place.dir, 'beside.ts'), 'export const value: number = 7;\n');
  await using _worker = await place.start();
  await using manager = await openedWith(place);
  const script = (text: string) => ({ task_uid: 's', kind: 'script' as const, text, run_in_background: false });

  await manager.request(
    'task_run',
    script(
      "import { value } from './beside.ts';\nif (value !== 7) throw new Error('no');\nexport const ok: boolean = true;",
    ),
  );
  expect(await manager.report('task_finished')).toMatchObject({ success: true, msg: '' });

  const before = manager.reports.length;
  await manager.request('task_run', script('const a: number = 1;\nmotorx;'));
  const failed = await manager.report('task_finished', before);
  expect(failed.traceback).toMatch(/motorx is not defined[^]*uploaded-script-\d+\.ts:2/);
});

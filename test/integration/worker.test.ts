import { expect, test } from 'vitest';
import type { WorkerProcess } from '../support/worker-process.ts';
import { WorkerPlace } from '../support/worker-process.ts';
import { FakeManager, itemText } from '../support/fake-manager.ts';

const slowCount = { name: 'count', args: [['det1']], kwargs: { num: 1000, delay: 0.05 } };

async function acknowledgeAll(manager: FakeManager): Promise<void> {
  await manager.request('acknowledge', { number: manager.reports.at(-1)?.number ?? 0 });
}

async function runSlowly(manager: FakeManager): Promise<void> {
  await manager.request('run_item', { item_uid: 'slow', item: itemText(slowCount, 'slow') });
  await manager.state(({ re_state: state, runs }) => state === 'running' && runs.length === 1);
}

async function closeInOrder(manager: FakeManager, worker: WorkerProcess): Promise<void> {
  await manager.request('environment_close', {});
  await manager.report('environment_closed');
  await acknowledgeAll(manager);
  expect(await worker.exited).toEqual({ code: 0, signal: null });
}

test('an environment is opened, runs items, is closed, and the process ends by itself', async () => {
  using place = new WorkerPlace();
  await using worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);

  const opened = await manager.openEnvironment();
  expect(Object.keys(opened.plans)).toContain('count');
  expect(Object.keys(opened.devices)).toContain('det1');
  await manager.state((state) => state.environment_state === 'idle' && state.re_state === 'idle');

  const first = await manager.run({ name: 'count', args: [['det1']], kwargs: { num: 2 } }, 'first');
  expect(first).toMatchObject({ item_uid: 'first', exit_status: 'completed', scan_ids: [1], msg: '', traceback: '' });
  expect(await manager.run({ name: 'count', args: [['det1']] })).toMatchObject({ scan_ids: [2] });

  await closeInOrder(manager, worker);
  const documents = place.runFile(first.run_uids[0] ?? '');
  expect(documents.map(([name]) => name)).toEqual(['start', 'descriptor', 'event', 'event', 'stop']);
  expect(documents[0]?.[1]).toMatchObject({ queue_item_uid: 'first', user: 'Ann', user_group: 'primary', scan_id: 1 });
  const versions = { beamgate: expect.any(String), bluesky: '1.15.1', event_model: '1.24.0' };
  expect(documents[0]?.[1]).toMatchObject({ metadata_key: 'metadata_value', versions });
  expect(opened.re_metadata).toEqual({ metadata_key: 'metadata_value', versions });
});

test('who asked, and for which item, stands in the start document whatever the plan and its user say', async () => {
  using place = WorkerPlace.withModule(`
    import { definePlan, stubs } from 'beamgate/startup';
    export const pretend = definePlan({ name: 'pretend', parameters: {} }, function* () {
      yield* stubs.openRun({ user: 'Eve', user_group: 'root', queue_item_uid: 'another', sample: 'salt' });
      yield* stubs.closeRun();
    });
  `);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  const { run_uids: runs } = await manager.run({ name: 'pretend', meta: { user: 'Mallory', note: 'x' } }, 'item');

  await expect
    .poll(() => place.runFile(runs[0] ?? '')[0]?.[1])
    .toMatchObject({
      user: 'Ann',
      user_group: 'primary',
      queue_item_uid: 'item',
      sample: 'salt',
      note: 'x',
    });
});

test('a device that is none fails the plan before it opens a run', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  const failed = await manager.run({ name: 'count', args: [['det1', 'nobody']] });

  expect(failed).toMatchObject({ exit_status: 'failed', run_uids: [], scan_ids: [] });
  expect(failed.msg).toBe("Plan failed: 'str' object has no attribute 'name'");
  expect(failed.traceback).toContain("'nobody' is none");
});

test('scan ids go on in the next environment', async () => {
  using place = new WorkerPlace();
  for (const scanId of [1, 2]) {
    await using worker = await place.start();
    await using manager = await FakeManager.greeted(place.settings.link, { epoch: scanId });
    await manager.openEnvironment();
    expect(await manager.run({ name: 'count', args: [['det1']] })).toMatchObject({ scan_ids: [scanId] });
    await closeInOrder(manager, worker);
  }
});

test('requests that do not fit the state are refused in the words of the original', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  const item = { item_uid: 'x', item: itemText({ name: 'count', args: [['det1']] }, 'x') };

  await expect(manager.request('run_item', item)).rejects.toThrow(
    "Attempted to start a plan in 'closed' environment state. Accepted state: 'idle'",
  );
  await manager.openEnvironment();
  await expect(manager.request('resume', {})).rejects.toThrow(
    "Run Engine must be in 'paused' state to continue. The state is 'idle'",
  );
  await expect(manager.request('pause', { option: 'deferred' })).rejects.toThrow(
    "Run engine can be paused only in 'running' state. Current state: 'idle'",
  );
  await expect(manager.request('environment_open', {})).rejects.toThrow("must be 'closed'");

  await runSlowly(manager);
  await expect(manager.request('run_item', item)).rejects.toThrow("in 'executing_plan' environment state");
  await expect(manager.request('environment_close', {})).rejects.toThrow("must be 'idle'");
});

test.each([
  ['stop', 'stopped', 'success'],
  ['abort', 'aborted', 'abort'],
  ['halt', 'halted', 'abort'],
] as const)('a paused plan that is told to %s ends as %s', async (verb, exitStatus, runStatus) => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  await runSlowly(manager);

  await manager.request('pause', { option: 'immediate' });
  const paused = await manager.state((state) => state.re_state === 'paused' && state.environment_state === 'idle');
  expect(paused).toMatchObject({ running_item_uid: 'slow', runs: [{ is_open: true, exit_status: null }] });

  await manager.request(verb, {});
  expect(await manager.report('item_finished')).toMatchObject({ exit_status: exitStatus, msg: '', scan_ids: [1] });
  expect((await manager.request('runs', {})).runs).toMatchObject([{ is_open: false, exit_status: runStatus }]);
  await manager.state((state) => state.running_item_uid === null && state.re_state === 'idle');
});

test('a deferred pause is pending until the next checkpoint, and a resumed plan completes', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  const item = { name: 'count', args: [['det1']], kwargs: { num: 3, delay: 0.3 } };
  await manager.request('run_item', { item_uid: 'a', item: itemText(item, 'a') });
  await manager.state((state) => state.re_state === 'running');

  await manager.request('pause', { option: 'deferred' });
  expect((await manager.request('state', {})).pause_pending).toBe(true);
  await manager.state((state) => state.re_state === 'paused');

  await manager.request('resume', {});
  await manager.state((state) => state.re_state === 'running' && state.environment_state === 'executing_plan');
  expect(await manager.report('item_finished')).toMatchObject({ exit_status: 'completed' });
});

test('a plan that throws fails with its message and its stack', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  const failed = await manager.run({ name: 'scan', args: [['det1'], 'motor', -1, 1], kwargs: { num: 0 } });

  expect(failed.exit_status).toBe('failed');
  expect(failed.msg).toBe(
    'Plan failed: The parameter `num` is expected to be a number of steps (not step size!) ' +
      'It must therefore be a whole number. The given value was 0.',
  );
  expect(failed.traceback).toContain('at ');
});

test('an emergency halt is answered with the plan down, also while it runs', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  expect(await manager.request('emergency_halt', {})).toEqual({ halted: true });
  await runSlowly(manager);

  expect(await manager.request('emergency_halt', {})).toEqual({ halted: true });

  expect(await manager.report('item_finished')).toMatchObject({ exit_status: 'halted' });
});

test('a manager that comes back is told the outcome of what it started', async () => {
  using place = new WorkerPlace();
  await using _worker = await place.start();
  const first = await FakeManager.greeted(place.settings.link, { epoch: 1 });
  await first.openEnvironment();
  const item = itemText({ name: 'count', args: [['det1']], kwargs: { num: 3, delay: 0.1 } }, 'a');
  await first.request('run_item', { item_uid: 'a', item });
  first.close();

  await using second = await FakeManager.connected(place.settings.link);
  const greeting = await second.hello({ epoch: 2 });
  expect(greeting.state.running_item_uid).toBe('a');
  expect(await second.report('item_finished')).toMatchObject({ item_uid: 'a', exit_status: 'completed' });
});

test('a run whose worker was killed is ended by the next one, as failed, with the reason', async () => {
  using place = new WorkerPlace();
  await using first = await place.start();
  const manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  await runSlowly(manager);
  const [run] = (await manager.request('runs', {})).runs;
  await expect.poll(() => place.runFile(run?.uid ?? '').length).toBeGreaterThan(3);
  first.signal('SIGKILL');
  await first.exited;

  await using _second = await place.start();
  await using next = await FakeManager.greeted(place.settings.link, { epoch: 2 });
  await next.openEnvironment();

  const [name, stop] = place.runFile(run?.uid ?? '').at(-1) ?? [];
  expect(name).toBe('stop');
  expect(stop).toMatchObject({ exit_status: 'fail', reason: 'The worker ended before the run did' });
});

test('a worker that is asked to end aborts its plan with that reason, and goes within 5 s', async () => {
  using place = new WorkerPlace();
  await using worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  await runSlowly(manager);

  worker.signal('SIGINT'); // meant for the supervisor
  worker.signal('SIGTERM');

  expect(await manager.report('item_finished')).toMatchObject({
    exit_status: 'aborted',
    msg: 'the worker was asked to end',
  });
  await manager.report('environment_closed');
  await acknowledgeAll(manager);
  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test('a worker without an environment ends at once when it is asked to', async () => {
  using place = new WorkerPlace();
  await using worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);

  await manager.request('shutdown', { reason: 'a test' });

  expect(await worker.exited).toEqual({ code: 0, signal: null });
});

test('what breaks outside of any call fails the running plan, and the process lives on', async () => {
  using place = WorkerPlace.withModule(`
    import { definePlan, stubs } from 'beamgate/startup';
    export const broken = definePlan({ name: 'broken', parameters: {} }, function* () {
      setTimeout(() => { throw new Error('nobody catches this'); }, 10);
      yield* stubs.checkpoint();
      yield* stubs.sleep(60);
    });
    export const fine = definePlan({ name: 'fine', parameters: {} }, function* () {
      yield* stubs.nothing();
    });
  `);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  expect(await manager.run({ name: 'broken' })).toMatchObject({
    exit_status: 'failed',
    msg: 'Plan failed: nobody catches this',
  });
  expect(await manager.run({ name: 'fine' })).toMatchObject({ exit_status: 'completed' });
});

test('plans that yield nonsense, or are none, fail by name, and the next one runs', async () => {
  using place = WorkerPlace.withModule(`
    import { definePlan, msg, stubs } from 'beamgate/startup';
    const plan = (name, yielded) => definePlan({ name, parameters: {} }, function* () { yield yielded; });
    export const number = plan('number', 7);
    export const nothing = plan('nothing', undefined);
    export const list = plan('list', [msg('null')]);
    export const unknown = plan('unknown', msg('no_such_command'));
    export const promise = definePlan({ name: 'promise', parameters: {} }, async () => undefined);
    export const fine = definePlan({ name: 'fine', parameters: {} }, function* () { yield* stubs.nothing(); });
  `);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();
  const ended = async (name: string) => {
    const { exit_status: status, msg } = await manager.run({ name });
    return [name, status, msg];
  };

  expect(await ended('number')).toEqual(['number', 'failed', 'Plan failed: A plan must yield messages, received 7']);
  expect(await ended('nothing')).toEqual([
    'nothing',
    'failed',
    'Plan failed: A plan must yield messages, received null',
  ]);
  expect(await ended('list')).toEqual(['list', 'failed', expect.stringContaining('A plan must yield messages')]);
  expect(await ended('unknown')).toEqual(['unknown', 'failed', 'Plan failed: no_such_command']);
  expect(await ended('promise')).toEqual(['promise', 'failed', expect.stringContaining('Plan failed: ')]);
  expect(await ended('fine')).toEqual(['fine', 'completed', '']);
});

test('what a plan prints reaches the manager as console text', async () => {
  using place = WorkerPlace.withModule(`
    import { definePlan } from 'beamgate/startup';
    export const speak = definePlan({ name: 'speak', parameters: {} }, function* () { console.log('hello from a plan'); });
  `);
  await using _worker = await place.start();
  await using manager = await FakeManager.greeted(place.settings.link);
  await manager.openEnvironment();

  await manager.run({ name: 'speak' });

  await manager.until(() => manager.console.find(({ msg }) => msg === 'hello from a plan\n'));
});

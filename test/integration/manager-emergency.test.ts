import { expect, test } from 'vitest';
import { ManagerPlace } from '../support/manager-process.ts';

/** Startup code whose functions and plans keep the worker from everything else. */
const HANGING = `
  import { definePlan } from 'beamgate/startup';
  const forever = () => { for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); };
  export const blocked_in_a_device = definePlan({ name: 'blocked_in_a_device', parameters: {} }, function* () { forever(); });
  export const busy = definePlan({ name: 'busy', parameters: {} }, function* () { for (;;); });
  export function busy_function() { for (;;); }
`;

const HANGS = ': the worker does not answer';

async function running(manager: ManagerPlace, name: string, args: unknown[] = [], kwargs = {}): Promise<string> {
  await manager.openEnvironment();
  const uid = await manager.add(name, args, kwargs);
  await manager.must('queue_autostart', { enable: true });
  await manager.until((status) => status.running_item_uid === uid && status.manager_state === 'executing_queue');
  return uid;
}

async function withHangingPlans(): Promise<ManagerPlace> {
  const manager = await ManagerPlace.start({ startup_profile: null });
  await manager.useStartup(HANGING);
  return manager;
}

test('an emergency stop halts the plan past a lock, switches autostart off, and says what it did', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 40, delay: 1 });
  await manager.add('count', [['det1']]);
  await manager.must('queue_autostart', { enable: true });
  await manager.until((status) => status.re_state === 'running');
  await manager.must('lock', { lock_key: 'x', environment: true, queue: true, user: 'Ann' });

  const reply = await manager.call('emergency_stop', { user: 'Bob', what: 'ever' });

  expect(reply).toEqual({
    success: true,
    msg: '',
    item_uid: uid,
    halted: true,
    worker_killed: false,
    autostart_disabled: true,
    actions: ['Autostart was switched off.', 'The worker halted its plan, if one ran, and told what moved to stop.'],
  });
  await manager.until((status) => status.manager_state === 'idle');
  expect(await manager.status()).toMatchObject({ queue_autostart_enabled: false, running_item_uid: null });
  expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({ state: 'halted' });
  expect(manager.output).toContain('EMERGENCY STOP by Bob');
});

test('a paused plan is halted, too, and nothing follows it', async () => {
  await using manager = await ManagerPlace.start();
  const uid = await running(manager, 'count', [['det1']], { num: 40, delay: 1 });
  await manager.add('count', [['det1']]);
  await manager.until((status) => status.re_state === 'running');
  await manager.must('re_pause', { option: 'immediate' });
  await manager.until((status) => status.manager_state === 'paused');

  expect(await manager.call('emergency_stop')).toMatchObject({ success: true, halted: true, item_uid: uid });

  await manager.until((status) => status.manager_state === 'idle');
  // The copy of the one that was halted, and the one behind it
  expect(await manager.status()).toMatchObject({ items_in_queue: 2, items_in_history: 1, queue_finished: true });
});

test('whenever it comes while short plans follow each other, no other is started after it', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  for (let n = 0; n < 60; n++) await manager.add('count', [['det1']]);
  for (let round = 0; round < 5; round++) {
    await manager.must('queue_start');
    await manager.until((status) => status.manager_state === 'executing_queue');
    expect(await manager.call('emergency_stop')).toMatchObject({ success: true, halted: true });
    await manager.until((status) => status.manager_state === 'idle');
    const { last_event: last } = await manager.must('events_get', { limit: 1 });
    expect(await manager.must('events_get', { after: last, wait_s: 0.2 })).toMatchObject({ events: [] });
  }
});

test('with nothing to stop it succeeds all the same, with a worker and without', async () => {
  await using manager = await ManagerPlace.start();
  expect(await manager.call('emergency_stop')).toMatchObject({ success: true, halted: true, worker_killed: false });
  await using lonely = await ManagerPlace.withoutWorker();
  expect(await lonely.call('emergency_stop')).toMatchObject({
    success: true,
    halted: true,
    worker_killed: false,
    item_uid: null,
    actions: ['No worker process is there: nothing runs that could be halted.'],
  });
});

test.each(['busy', 'blocked_in_a_device'])('a worker that is %s is killed, and another may be opened', async (plan) => {
  await using manager = await withHangingPlans();
  const uid = await running(manager, plan);
  await manager.until((status) => status.msg.endsWith(HANGS));

  const reply = await manager.call('emergency_stop');

  expect(reply).toMatchObject({ success: true, halted: true, worker_killed: true, item_uid: uid });
  await manager.until((status) => status.manager_state === 'idle' && !status.worker_environment_exists);
  expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({
    state: 'failed',
    result: { msg: 'The worker was killed by an emergency stop, which it did not answer' },
  });
  await manager.openEnvironment();
});

test('a worker that hangs is killed though nobody is there to start another', async () => {
  await using manager = await withHangingPlans();
  await running(manager, 'busy');
  await manager.until((status) => status.msg.endsWith(HANGS));
  manager.stopRenewing();
  expect(await manager.call('emergency_stop')).toMatchObject({ success: true, worker_killed: true, halted: true });
  expect(await manager.worker?.exited).toMatchObject({ signal: 'SIGKILL' });
});

test.each(['busy', 'blocked_in_a_device'])(
  'a worker that is %s is told in the status, and can be destroyed',
  async (plan) => {
    await using manager = await withHangingPlans();
    const uid = await running(manager, plan);
    await manager.until((status) => status.msg.endsWith(HANGS));

    // With nobody to start another worker
    manager.stopRenewing();
    await manager.must('environment_destroy');
    await manager.until((status) => status.manager_state === 'idle' && !status.worker_environment_exists);

    expect(await manager.worker?.exited).toMatchObject({ signal: 'SIGKILL' });
    expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({
      state: 'failed',
      result: { msg: 'RE Worker environment was destroyed' },
    });
  },
);

test('a function that hangs in the foreground has failed when its environment was destroyed', async () => {
  await using manager = await withHangingPlans();
  await manager.openEnvironment();
  const item = { item_type: 'function', name: 'busy_function' };
  const { task_uid } = await manager.must('function_execute', { item, user: 'Ann', user_group: 'root' });
  await manager.must('environment_destroy');
  await manager.until((status) => status.manager_state === 'idle');
  expect(await manager.must('task_result', { task_uid })).toMatchObject({
    status: 'completed',
    result: { success: false, msg: 'RE Worker environment was destroyed' },
  });
});

test('a worker that ends during a foreground task leaves it failed, with the reason', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const item = { item_type: 'function', name: 'function_sleep', args: [60] };
  const { task_uid } = await manager.must('function_execute', { item, user: 'Ann', user_group: 'primary' });
  await manager.until((status) => status.worker_environment_state === 'executing_task');
  manager.worker?.signal('SIGTERM');
  await manager.until((status) => status.manager_state === 'idle' && !status.worker_environment_exists);
  const { result } = await manager.must('task_result', { task_uid });
  expect(result).toMatchObject({ success: false, msg: expect.stringContaining("'Execute function' was given up: ") });
});

test('the item of a worker that died is filed with the run that was open and the time it was taken', async () => {
  await using manager = await ManagerPlace.start();
  const uid = await running(manager, 'count', [['det1']], { num: 40, delay: 1 });
  await manager.until((status) => status.re_state === 'running');
  await manager.untilRunIsOpen();
  const { run_uids: runs, started_at } = await manager.must('item_status', { item_uid: uid });
  expect(runs).toHaveLength(1);

  manager.worker?.signal('SIGKILL');
  await manager.until((status) => status.items_in_history === 1);

  const [filed] = await manager.history();
  expect(filed?.result).toMatchObject({ exit_status: 'failed', run_uids: runs, scan_ids: [1] });
  expect(filed?.result['time_start']).toBeCloseTo(started_at as number, 0);
  expect(filed?.result['time_stop']).toBeGreaterThan(filed?.result['time_start'] as number);
});

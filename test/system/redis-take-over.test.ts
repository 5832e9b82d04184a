import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManagerPlace } from '../support/manager-process.ts';
import { startPythonManager } from '../support/python-manager.ts';
import { RedisServer } from '../support/redis.ts';

const USER = { user: 'Ann', user_group: 'primary' };
const PERMISSIONS = {
  user_groups: {
    root: { allowed_plans: [null], allowed_devices: [null] },
    primary: { allowed_plans: [null], forbidden_plans: [':^count$'], allowed_devices: [null] },
  },
};
// Numbers and letters that only Python's own form of the text keeps findable.
const AWKWARD = '{"sample":"Größe \\"5µm\\" 😀","limits":[1.0,1e-5,2e16],"count":9007199254740993}';
const AS_PYTHON_WRITES =
  '{"sample": "Gr\\u00f6\\u00dfe \\"5\\u00b5m\\" \\ud83d\\ude00", "limits": [1.0, 1e-05, 2e+16], "count": 9007199254740993}';
const QUIET = ['--user-group-permissions-reload', 'NEVER'];

interface Manager {
  call(method: string, params?: object): Promise<Record<string, unknown>>;
}
interface Item {
  readonly item_uid: string;
  readonly name: string;
  readonly kwargs?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
}

/** What one manager tells of the store, and the other must tell, too. */
async function told(manager: Manager) {
  const queue = await manager.call('queue_get');
  const history = await manager.call('history_get');
  const permissions = await manager.call('permissions_get');
  const lock = await manager.call('lock_info');
  const status = await manager.call('status');
  return {
    items: queue['items'] as Item[],
    running: queue['running_item'] as Item | Record<string, never>,
    history: history['items'] as Item[],
    permissions: permissions['user_group_permissions'],
    lock: lock['lock_info'] as Record<string, unknown>,
    mode: status['plan_queue_mode'],
    autostart: status['queue_autostart_enabled'],
    stopPending: status['queue_stop_pending'],
  };
}

async function until(manager: Manager, isSo: (status: Record<string, unknown>) => boolean): Promise<void> {
  for (let asked = 0; asked < 300; asked++) {
    if (isSo(await manager.call('status'))) return;
    await new Promise((resolve) => setTimeout(resolve, 100)); // Neither manager tells a client that only asks.
  }
  throw new Error(`never so: ${JSON.stringify(await manager.call('status'))}`);
}

async function must(manager: Manager, method: string, params?: object): Promise<Record<string, unknown>> {
  const reply = await manager.call(method, params);
  expect(reply, method).toMatchObject({ success: true });
  return reply;
}

const add = async (manager: Manager, name: string, more: object = {}): Promise<string> => {
  const item = { item_type: 'plan', name, args: [['det1']], ...more };
  const reply = await must(manager, 'queue_item_add', { item, ...USER });
  return (reply['item'] as Item).item_uid;
};

/** A history, a waiting queue, a mode, a lock, permissions; and, in the end, a plan that runs. */
async function fill(manager: Manager): Promise<{ waiting: string[]; running: string }> {
  await must(manager, 'environment_open');
  await until(manager, ({ worker_environment_state: state, manager_state: own }) => state === 'idle' && own === 'idle');
  await add(manager, 'count', { kwargs: { num: 1 } });
  await must(manager, 'queue_start');
  await until(manager, (status) => status['items_in_history'] === 1 && status['manager_state'] === 'idle');
  const running = await add(manager, 'count', { kwargs: { num: 100, delay: 1 } });
  const waiting = [
    await add(manager, 'count', { kwargs: { num: 2, md: { sample: 'Größe "5µm" 😀', limits: [0.00001, 2.5] } } }),
    await add(manager, 'count', { meta: [{ shift: 'night' }] }),
    await add(manager, 'count'),
  ];
  await must(manager, 'queue_mode_set', { mode: { ignore_failures: true } });
  await must(manager, 'queue_start');
  await until(manager, (status) => status['running_item_uid'] === running && status['re_state'] === 'running');
  await must(manager, 'permissions_set', { user_group_permissions: PERMISSIONS });
  await must(manager, 'lock', { environment: true, user: 'Ann', lock_key: 'key', note: 'aligning' });
  return { waiting, running };
}

describe('a queue in Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(() => redis[Symbol.asyncDispose]());
  const ours = () =>
    ManagerPlace.start({
      redis_addr: redis.address,
      redis_name_prefix: 'qs_default',
      user_group_permissions_reload: 'NEVER',
    });

  test('that our manager left is the queue that start-re-manager finds, and works with', async () => {
    // Given our manager, killed with a plan running
    await using before = await ours();
    const { waiting, running } = await fill(before);
    const left = await told(before);
    before.stopRenewing();
    await before.killManager();
    await before.worker?.[Symbol.asyncDispose]();

    // When the original starts
    await using after = await startPythonManager({ redis, args: QUIET });
    const found = await told(after);

    // Then it has all of it, and of the running one it knows what its own kill would have left
    expect(found).toMatchObject({ items: left.items, permissions: left.permissions, lock: left.lock, mode: left.mode });
    expect(found.items.map(({ item_uid: uid }) => uid)).toEqual(waiting);
    expect(found.history.slice(0, 1)).toEqual(left.history);
    expect(found.history[1]).toMatchObject({ item_uid: running, result: { exit_status: 'unknown' } });
    expect(found).toMatchObject({ running: {}, autostart: false, stopPending: false });
    // And finds each item by its text, as it does for each change
    await must(after, 'queue_item_move', { uid: waiting[0], pos_dest: 'back' });
    await must(after, 'queue_item_remove', { uid: waiting[1] });
    expect((await told(after)).items.map(({ item_uid: uid }) => uid)).toEqual([waiting[2], waiting[0]]);
    expect(await redis.client.llen('qs_default_plan_queue')).toBe(2);
  });

  test('that start-re-manager left is the queue that our manager finds, and works with', async () => {
    // Given the original, killed with a plan running
    await using before = await startPythonManager({ redis, args: QUIET });
    const { waiting, running } = await fill(before);
    const left = await told(before);
    await before.kill();

    // When ours starts
    await using after = await ours();
    const found = await told(after);

    // Then it has all of it
    expect(found).toMatchObject({ items: left.items, permissions: left.permissions, lock: left.lock, mode: left.mode });
    expect(found.items.map(({ item_uid: uid }) => uid)).toEqual(waiting);
    expect(found.history.slice(0, 1)).toEqual(left.history);
    expect(found.history[1]).toMatchObject({ item_uid: running, result: { exit_status: 'unknown' } });
    expect(found).toMatchObject({ running: {}, autostart: false, stopPending: false });
    // And works with it
    await must(after, 'queue_item_move', { uid: waiting[0], pos_dest: 'back' });
    await must(after, 'queue_item_remove', { uid: waiting[1] });
    expect((await told(after)).items.map(({ item_uid: uid }) => uid)).toEqual([waiting[2], waiting[0]]);
    expect(await redis.client.llen('qs_default_plan_queue')).toBe(2);
  });

  test('items keep Python numbers and texts on the way there and back', async () => {
    const text = `{"item_type":"plan","name":"count","args":[["det1"]],"meta":${AWKWARD}}`;
    const asked = `{"method":"queue_item_add","params":{"item":${text},"user":"Ann","user_group":"primary"}}`;
    await using mine = await ours();
    expect(JSON.parse((await mine.send(asked)) ?? '')).toMatchObject({ success: true });
    const [kept = ''] = await redis.client.lrange('qs_default_plan_queue', 0, -1);
    expect(kept).toContain(`"meta": ${AS_PYTHON_WRITES}`);
  });

  test('is refused to our manager while the original answers at its control address', async () => {
    await using python = await startPythonManager({ redis });
    const started = ManagerPlace.withoutWorker({
      redis_addr: redis.address,
      redis_name_prefix: 'qs_default',
      zmq_control_addr: python.controlAddress,
    });
    await expect(started).rejects.toThrow(/A manager answers on tcp:\/\/127.0.0.1:\d+: stop that one first/);
    expect(await redis.client.exists('qs_default_beamgate_lease')).toBe(0);
  });

  test('is refused to a second manager of ours, which names the first', async () => {
    await using first = await ours();
    await using second = ManagerPlace.beside(first, {});
    await expect(second.startManager()).rejects.toThrow(new RegExp(`is held by process ${first.managerPid} on `));
  });

  test('that the original changes under our manager is written no more: the plan ends, and the status says why', async () => {
    // Given a plan that runs
    await using mine = await ours();
    await mine.openEnvironment();
    await mine.add('count', [['det1']], { num: 3, delay: 0.5 });
    await mine.must('queue_start');
    await mine.until((status) => status.re_state === 'running');
    // When another manager works on the same keys
    await using python = await startPythonManager({ redis });
    await python.call('queue_item_add', { item: { item_type: 'plan', name: 'count', args: [['det1']] }, ...USER });
    // Then ours tells so, runs the plan to its end, and leaves the keys alone
    await mine.until((status) => status.msg.includes('another program changed'));
    const left = await redis.client.lrange('qs_default_plan_queue', 0, -1);
    await mine.until((status) => status.re_state === 'idle');
    const item = { item_type: 'plan', name: 'count', args: [['det1']] };
    expect(await mine.call('queue_item_add', { item, ...USER })).toMatchObject({
      success: false,
      msg: expect.stringContaining('Nothing is written to the store'),
    });
    expect(await redis.client.lrange('qs_default_plan_queue', 0, -1)).toEqual(left);
    expect(mine.output).toContain('another program changed');
  });
});

import { expect, test } from 'vitest';
import { ManagerPlace } from '../support/manager-process.ts';

interface Told {
  readonly number: number;
  readonly kind: string;
  readonly item_uid?: string;
  readonly detail?: Record<string, unknown>;
}

async function eventsAfter(manager: ManagerPlace, after: number, more: object = {}): Promise<Told[]> {
  return (await manager.must('events_get', { after, ...more }))['events'] as Told[];
}

/** Reads the log, waiting, until it has told an event of that kind. */
async function untilEvent(manager: ManagerPlace, kind: string, after = 0): Promise<Told[]> {
  const told: Told[] = [];
  while (!told.some((event) => event.kind === kind)) {
    told.push(...(await eventsAfter(manager, told.at(-1)?.number ?? after, { wait_s: 4 })));
  }
  return told;
}

async function lastEvent(manager: ManagerPlace): Promise<number> {
  return (await manager.must('events_get', { limit: 1 }))['last_event'] as number;
}

test('the log tells the life of an environment, a queue and its items in order, without a gap', async () => {
  await using manager = await ManagerPlace.start();
  const before = await lastEvent(manager);
  await manager.openEnvironment();
  const uids = [await manager.add('count', [['det1']]), await manager.add('count', [['det1']])];
  await manager.must('queue_start');
  await untilEvent(manager, 'queue_finished', before);
  await manager.must('environment_close');
  await untilEvent(manager, 'environment_closed', before);

  const events = await eventsAfter(manager, before);

  expect(events.map(({ kind, item_uid: uid }) => (uid === undefined ? kind : `${kind} ${uids.indexOf(uid)}`))).toEqual([
    'environment_opening',
    'environment_opened',
    'item_added 0',
    'item_added 1',
    'queue_started',
    'item_started 0',
    'item_finished 0',
    'item_started 1',
    'item_finished 1',
    'queue_finished',
    'environment_closing',
    'environment_closed',
  ]);
  expect(events.map(({ number }) => number)).toEqual(events.map((_, n) => before + 1 + n));
  expect(await lastEvent(manager)).toBe(events.at(-1)?.number);
});

test('what pauses a plan, changes the mode, the lock or the permissions is in the log', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  await manager.add('count', [['det1']], { num: 40, delay: 1 });
  const before = await lastEvent(manager);
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');
  await manager.must('queue_stop');
  await manager.must('re_pause', { option: 'immediate' });
  await manager.until((status) => status.manager_state === 'paused');
  await manager.must('re_resume');
  await manager.must('queue_mode_set', { mode: { loop: true } });
  await manager.must('lock', { lock_key: 'secret', queue: true, user: 'Ann' });
  const { user_group_permissions: permissions } = await manager.must('permissions_get');
  const groups = (permissions as { user_groups: Record<string, object> }).user_groups;
  const changed = { user_groups: { ...groups, another: groups['primary'] } };
  await manager.must('permissions_set', { user_group_permissions: changed, lock_key: 'secret' });

  const events = await eventsAfter(manager, before);

  expect(events.map(({ kind }) => kind)).toEqual([
    'queue_started',
    'item_started',
    'stop_pending_changed',
    'item_paused',
    'item_resumed',
    'mode_changed',
    'lock_changed',
    'permissions_changed',
  ]);
  expect(events.find(({ kind }) => kind === 'lock_changed')?.detail).toEqual({
    environment: false,
    queue: true,
    user: 'Ann',
  });
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('a manager that was killed goes on with the numbers, and the plan that ended meanwhile is told', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 3, delay: 0.2 });
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');
  const before = await lastEvent(manager);

  await manager.killManager();
  await manager.startManager();

  const events = await untilEvent(manager, 'queue_finished', before);
  expect(events[0]?.number).toBe(before + 1);
  expect(events.map(({ kind }) => kind)).toEqual(['item_finished', 'queue_finished']);
  expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({ state: 'completed' });
});

test('who waits for an event is answered by it, and others are served meanwhile', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  const last = await lastEvent(manager);
  const asked = JSON.stringify({ method: 'events_get', params: { after: last, wait_s: 30 } });
  const waiting = manager.sendBeside(asked);
  await manager.add('count', [['det1']]);
  expect(JSON.parse(await waiting)).toMatchObject({ success: true, events: [{ kind: 'item_added' }] });
});

test('a wait that is in vain ends without events', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  const last = await lastEvent(manager);
  expect(await manager.must('events_get', { after: last, wait_s: 0.05 })).toMatchObject({
    events: [],
    last_event: last,
  });
});

test.each([
  [{ after: -1 }, "Error: Parameter 'after' must be a whole number from 0, received -1"],
  [{ after: 'x' }, "Error: Parameter 'after' must be a whole number from 0, received 'x'"],
  [{ limit: 0 }, "Error: Parameter 'limit' must be a whole number from 1 to 1000, received 0"],
  [{ wait_s: 61 }, "Error: Parameter 'wait_s' must be a number from 0 to 60, received 61"],
])('%j is refused by name, rule and value', async (params, msg) => {
  await using manager = await ManagerPlace.withoutWorker();
  expect(await manager.call('events_get', params)).toMatchObject({ success: false, msg, events: [] });
});

test('a number from another log is refused, and the reply says where this one ends', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  const last = await lastEvent(manager);
  const refused = await manager.call('events_get', { after: 1_000_000, wait_s: 30 });
  expect(refused).toMatchObject({ success: false, last_event: last });
  expect(refused.msg).toContain('Event 1000000 has not happened');
});

test('an item is followed from its submission to its end', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 40, delay: 1 });
  expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({ state: 'queued', position: 0 });
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');
  await manager.untilRunIsOpen();
  const running = await manager.must('item_status', { item_uid: uid });
  expect(running).toMatchObject({ state: 'running', run_uids: [expect.any(String)] });

  await manager.must('re_pause', { option: 'immediate' });
  await manager.until((status) => status.manager_state === 'paused');
  await manager.must('re_abort');
  await manager.until((status) => status.manager_state === 'idle');

  const ended = await manager.must('item_status', { item_uid: uid });
  expect(ended).toMatchObject({ state: 'aborted', run_uids: running['run_uids'], item: { item_uid: uid } });
  expect(await manager.must('item_status', { item_uid: ended['requeued_as'] })).toMatchObject({
    state: 'queued',
    copy_of: uid,
  });
  expect(await manager.call('item_status', { item_uid: 'nobody' })).toMatchObject({
    success: false,
    msg: "Error: No item with UID 'nobody' is known: it was never here, or is long forgotten.",
  });
});

test('an instruction that was executed at once is known by its end', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const item = { item_type: 'instruction', name: 'queue_stop' };
  const { item: executed } = await manager.must('queue_item_execute', { item, user: 'Ann', user_group: 'primary' });
  const { item_uid: uid } = executed as { item_uid: string };
  await untilEvent(manager, 'instruction_done');
  expect(await manager.must('item_status', { item_uid: uid })).toMatchObject({ state: 'completed' });
});

test('the queue is not finished before its last item is, nor while autostart is to begin', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  for (let n = 0; n < 20; n++) await manager.add('count', [['det1']]);
  expect(await manager.status()).toMatchObject({ queue_finished: true });

  await manager.must('queue_start');
  const known = manager.statuses.length;
  expect(await manager.status()).toMatchObject({ queue_finished: false });
  await manager.until((status) => status.queue_finished === true);
  const early = manager.statuses.slice(known).filter((status) => status.queue_finished && status.items_in_history < 20);
  expect(early).toEqual([]);

  await manager.must('queue_autostart', { enable: true });
  expect(await manager.status()).toMatchObject({ queue_finished: true });
  await manager.add('count', [['det1']]);
  expect(await manager.status()).toMatchObject({ queue_finished: false });
  await manager.until((status) => status.queue_finished === true);
  expect(await manager.status()).toMatchObject({ items_in_history: 21, items_in_queue: 0 });
});

test('with testing switched on a manager kills itself when told, and comes back with the plan that runs', async () => {
  await using manager = await ManagerPlace.start({ testing: true });
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 40, delay: 1 });
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');

  manager.sendOnly('{"method": "manager_kill"}');
  expect(await manager.managerExit()).toBe('SIGKILL');
  await manager.startManager();

  expect(await manager.status()).toMatchObject({ manager_state: 'executing_queue', running_item_uid: uid });
  expect(await manager.call('manager_test', { test_name: 'x' })).toMatchObject({
    msg: "Error: Unknown test: 'x'. Known tests: ['reserve_kernel']",
  });
});

test.each(['manager_kill', 'manager_test'])('%s is an unknown method unless testing is switched on', async (method) => {
  await using manager = await ManagerPlace.withoutWorker();
  expect(await manager.call(method)).toEqual({ success: false, msg: `Unknown method '${method}'` });
});

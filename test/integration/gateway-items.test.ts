import { expect, test } from 'vitest';
import { startGateway, startGatewayBefore } from '../support/gateway.ts';
import { ManagerPlace } from '../support/manager-process.ts';

type Asked = (path: string, init?: RequestInit) => Promise<Response>;
interface Reply {
  readonly detail?: string;
  readonly last_event?: number;
  readonly [member: string]: unknown;
}
const answer = async (ask: Asked, path: string): Promise<Reply> => (await (await ask(path)).json()) as Reply;

/** A gateway in front of a manager of ours. */
async function aBeamline({ hasWorker = false } = {}) {
  const manager = hasWorker ? await ManagerPlace.start() : await ManagerPlace.withoutWorker();
  const { zmq_control_addr: controlAddress, zmq_info_addr: infoAddress } = manager.settings;
  const gateway = await startGatewayBefore({ controlAddress, infoAddress });
  return {
    manager,
    ask: gateway.ask,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await manager[Symbol.asyncDispose]();
    },
  };
}

test('an item is told as the manager tells it', async () => {
  await using beamline = await aBeamline();
  const uid = await beamline.manager.add('count', [['det1']]);
  const { success, msg, ...told } = await beamline.manager.must('item_status', { item_uid: uid });
  expect(await answer(beamline.ask, `/api/items/${uid}`)).toEqual({ success, msg, ...told });
});

test('who waits for an item is answered when it has ended', async () => {
  await using beamline = await aBeamline({ hasWorker: true });
  await beamline.manager.openEnvironment();
  const uid = await beamline.manager.add('count', [['det1']], { num: 2, delay: 0.2 });
  const waiting = answer(beamline.ask, `/api/items/${uid}?wait=60`);
  await beamline.manager.must('queue_start');
  expect(await waiting).toMatchObject({ state: 'completed', result: { exit_status: 'completed' } });
  // Over already
  expect(await answer(beamline.ask, `/api/items/${uid}?wait=60`)).toMatchObject({ state: 'completed' });
});

test('a wait ends when the item is removed, alone or with the queue', async () => {
  await using beamline = await aBeamline();
  const [one, other] = [
    await beamline.manager.add('count', [['det1']]),
    await beamline.manager.add('count', [['det1']]),
  ];
  const waiting = [one, other].map((uid) => answer(beamline.ask, `/api/items/${uid}?wait=60`));
  await beamline.manager.must('queue_item_remove', { uid: one });
  expect(await waiting[0]).toMatchObject({ state: 'removed' });
  await beamline.manager.must('queue_clear');
  expect(await waiting[1]).toMatchObject({ state: 'removed' });
});

test('a wait that is too short tells where the item is then', async () => {
  await using beamline = await aBeamline();
  const uid = await beamline.manager.add('count', [['det1']]);
  expect(await answer(beamline.ask, `/api/items/${uid}?wait=0.05`)).toMatchObject({ state: 'queued', position: 0 });
});

test('a UID that was never here is 404', async () => {
  await using beamline = await aBeamline();
  const reply = await beamline.ask('/api/items/nobody?wait=60');
  expect(reply.status).toBe(404);
  expect(((await reply.json()) as Reply).detail).toContain("'nobody'");
});

test.each(['wait=-1', 'wait=61', 'wait=soon'])('%s is refused', async (query) => {
  await using beamline = await aBeamline();
  const reply = await beamline.ask(`/api/items/x?${query}`);
  expect([reply.status, await reply.json()]).toEqual([
    400,
    { detail: expect.stringMatching(/^'wait' must be a number from 0 to 60, received/) },
  ]);
});

test('events are told behind a number, and the next one to all who wait, by one request at the manager', async () => {
  await using beamline = await aBeamline();
  const { manager, ask } = beamline;
  await manager.add('count', [['det1']]);
  const { last_event: last } = await answer(ask, '/api/events');
  expect(await answer(ask, `/api/events?after=${Number(last) - 1}`)).toMatchObject({
    events: [{ number: last, kind: 'item_added' }],
  });

  const waiting = Array.from({ length: 20 }, () => answer(ask, `/api/events?after=${Number(last)}&wait=60`));
  await manager.add('count', [['det1']]);

  for (const reply of await Promise.all(waiting)) {
    expect(reply).toMatchObject({ events: [{ number: Number(last) + 1, kind: 'item_added' }] });
  }
});

test('a number from another log is 410, and a wait in vain is answered without events', async () => {
  await using beamline = await aBeamline();
  const gone = await beamline.ask('/api/events?after=1000000&wait=60');
  expect(gone.status).toBe(410);
  const { last_event: last } = await answer(beamline.ask, '/api/events');
  expect(await answer(beamline.ask, `/api/events?after=${Number(last)}&wait=0.05`)).toMatchObject({ events: [] });
});

test('who waits is answered though the manager was killed and came back meanwhile', async () => {
  await using beamline = await aBeamline();
  const uid = await beamline.manager.add('count', [['det1']]);
  const waiting = answer(beamline.ask, `/api/items/${uid}?wait=60`);
  // What is asked later is answered later: the wait has begun.
  await answer(beamline.ask, `/api/items/${uid}`);
  await answer(beamline.ask, '/api/events');
  await beamline.manager.killManager();
  await beamline.manager.startManager();
  await beamline.manager.must('queue_item_remove', { uid });
  expect(await waiting).toMatchObject({ state: 'removed' });
});

test('an emergency stop is taken with whatever body', async () => {
  await using beamline = await aBeamline();
  for (const body of ['{"reason": "smoke"}', 'not JSON', '']) {
    const reply = await beamline.ask('/api/re/emergency_stop', {
      method: 'POST',
      headers: { authorization: 'ApiKey test', 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    });
    expect(await reply.json()).toMatchObject({ success: true, halted: true });
  }
});

const ITEMS = {
  queued: { item_uid: 'q', item_type: 'plan', name: 'count' },
  running: { item_uid: 'r', item_type: 'plan', name: 'count', properties: { time_start: 5 } },
  done: {
    item_uid: 'd',
    item_type: 'plan',
    name: 'count',
    result: { exit_status: 'stopped', run_uids: ['run'], time_start: 1, time_stop: 2 },
  },
};

/** A manager that knows no method of ours, as the original. */
const original = (history: () => object[]) => (method: string) => {
  if (method === 'queue_get') {
    return { success: true, items: [ITEMS.queued], running_item: ITEMS.running, plan_queue_uid: 'q1' };
  }
  if (method === 'history_get') return { success: true, items: history(), plan_history_uid: `h${history().length}` };
  return method === 'status' ? undefined : { success: false, msg: `Unknown method '${method}'` };
};

test('of a manager without a log an item is found in queue and history', async () => {
  await using gateway = await startGateway(original(() => [ITEMS.done]));
  const ask = gateway.ask;
  expect(await answer(ask, '/api/items/q')).toMatchObject({ state: 'queued', position: 0, submitted_at: null });
  expect(await answer(ask, '/api/items/r')).toMatchObject({ state: 'running', position: null, started_at: 5 });
  expect(await answer(ask, '/api/items/d')).toMatchObject({
    state: 'stopped',
    started_at: 1,
    ended_at: 2,
    run_uids: ['run'],
    item: { args: [], kwargs: {} },
  });
  expect((await gateway.ask('/api/items/nobody')).status).toBe(404);
});

test('of a manager without a log the end of an item is waited for by what it publishes', async () => {
  let history: object[] = [];
  await using gateway = await startGateway((method) => {
    const reply = original(() => history)(method);
    return method === 'queue_get' && history.length > 0 ? { ...reply, running_item: {}, plan_queue_uid: 'q2' } : reply;
  });
  const waiting = answer(gateway.ask, '/api/items/r?wait=60');
  await gateway.manager.untilReceived('queue_get');
  history = [{ ...ITEMS.done, item_uid: 'r' }];
  gateway.manager.change({ plan_queue_uid: 'q2', plan_history_uid: 'h1' });
  await gateway.manager.untilHeard(waiting);
  expect(await waiting).toMatchObject({ state: 'stopped' });
});

test('a manager without a log has no events: 501', async () => {
  await using gateway = await startGateway(original(() => []));
  const reply = await gateway.ask('/api/events?after=0&wait=60');
  expect([reply.status, await reply.json()]).toEqual([501, { detail: 'this manager keeps no event log' }]);
});

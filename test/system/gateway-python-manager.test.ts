import { expect, test } from 'vitest';
import { ClientSocket } from '../support/client-socket.ts';
import { AUTHORIZED, startGatewayBefore } from '../support/gateway.ts';
import { startPythonManager } from '../support/python-manager.ts';

type Status = Record<string, unknown>;
const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { ...AUTHORIZED, 'content-type': 'application/json' },
});

test("in front of the original's manager a plan is added, run and found in the history", async () => {
  // Given the gateway in front of start-re-manager, a socket that watches, and an open environment
  await using manager = await startPythonManager();
  await using gateway = await startGatewayBefore(manager);
  using watch = await ClientSocket.open(`${gateway.url}/api/status/ws`, AUTHORIZED);
  using console = await ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED);
  const until = (fits: (status: Status) => boolean) =>
    watch.until(({ msg }) => fits((msg as { status: Status }).status));
  const ask = async (path: string, init?: RequestInit) => (await (await gateway.ask(path, init)).json()) as Status;
  expect(await ask('/api/environment/open', { method: 'POST' })).toEqual({ success: true, msg: '' });
  await until((status) => status.worker_environment_state === 'idle' && status.manager_state === 'idle');

  // When a plan is added and the queue started
  const item = { name: 'count', item_type: 'plan', args: [['det1']], kwargs: { num: 2 } };
  const added = await ask('/api/queue/item/add', post({ item, user: 'Eve' }));
  expect(added).toMatchObject({ success: true, qsize: 1, item: { ...item, user: 'UNAUTHENTICATED_SINGLE_USER' } });
  expect(await ask('/api/queue/get')).toMatchObject({ items: [{ name: 'count' }], running_item: {} });
  expect(await ask('/api/queue/start', post({}))).toMatchObject({ success: true });
  await until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

  // Then the history has it, the console told it, and nobody was asked oftener than needed
  expect(await ask('/api/history/get')).toMatchObject({
    items: [{ ...item, result: { exit_status: 'completed', run_uids: [expect.any(String)] } }],
  });
  await console.until(({ msg }) => (msg as string).includes('Starting the plan'));
  expect(await ask('/api/plans/allowed')).toMatchObject({ plans_allowed: { scan: { name: 'scan' } } });
  expect(await ask('/api/health/ready')).toMatchObject({ ready: true });
});

test('a manager of the original that is killed is answered for, and is found again when it is back', async () => {
  await using manager = await startPythonManager();
  await using gateway = await startGatewayBefore(manager);
  const ask = async () => {
    const reply = await gateway.ask('/api/queue/stop/cancel', { method: 'POST' });
    return [reply.status, await reply.json()];
  };

  await manager.kill();
  const whileAway = await ask();
  const back = new Promise<void>((resolve) => {
    gateway.manager.events.on('link', (link) => link === 'connected' && resolve());
  });
  await manager.startAgain();
  await back;

  expect(whileAway).toEqual([
    408,
    { detail: 'Request timeout: ZMQ communication error: ZeroMQ communication failed: timeout occurred' },
  ]);
  expect(await ask()).toEqual([200, { success: true, msg: '' }]);
});

test('9, 14 and 16: nothing running is {}, replies carry the UIDs of the status, opening twice is harmless', async () => {
  await using manager = await startPythonManager();
  await using gateway = await startGatewayBefore(manager);
  const ask = async (path: string, init?: RequestInit) => (await (await gateway.ask(path, init)).json()) as Status;
  await ask('/api/environment/open', { method: 'POST' });
  using watch = await ClientSocket.open(`${gateway.url}/api/status/ws`, AUTHORIZED);
  await watch.until(({ msg }) => (msg as { status: Status }).status.worker_environment_state === 'idle');

  const again = await gateway.ask('/api/environment/open', { method: 'POST' });
  const [status, queue, history, plans, devices] = await Promise.all(
    ['/api/status', '/api/queue/get', '/api/history/get', '/api/plans/allowed', '/api/devices/existing'].map((path) =>
      ask(path),
    ),
  );

  expect([again.status, await again.json()]).toEqual([
    200,
    { success: false, msg: 'RE Worker environment already exists.' },
  ]);
  expect(queue?.running_item).toEqual({});
  expect({ ...status, ...queue, ...history, ...plans, ...devices }).toMatchObject({
    plan_queue_uid: status?.plan_queue_uid,
    plan_history_uid: status?.plan_history_uid,
    plans_allowed_uid: status?.plans_allowed_uid,
    devices_existing_uid: status?.devices_existing_uid,
  });
});

import { connect } from 'node:net';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Dealer, Publisher } from 'zeromq';
import { ManagerPlace } from '../support/manager-process.ts';

test('a manager that is stopped answers first, ends its worker and ends with code 0', async () => {
  await using manager = await ManagerPlace.start();
  manager.stopRenewing();
  await manager.openEnvironment();
  await manager.add('count', [['det1']], { num: 40, delay: 1 });
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');

  expect(await manager.call('manager_stop')).toMatchObject({
    success: false,
    msg: "Error: Closing RE Manager with option 'safe_on' is allowed only in 'idle' state. Current state: 'executing_queue'",
  });
  await manager.must('manager_stop', { option: 'safe_off' });

  expect(await manager.managerExit()).toBe(0);
  expect(await manager.worker?.exited).toEqual({ code: 0, signal: null });
});

test('a manager that is asked to end by a signal leaves the plan running, ends with code 0, and can come back', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  const uid = await manager.add('count', [['det1']], { num: 40, delay: 1 });
  await manager.must('queue_start');
  await manager.until((status) => status.re_state === 'running');

  expect(await manager.signalManager('SIGTERM')).toBe(0);
  await manager.startManager();

  expect(await manager.status()).toMatchObject({ manager_state: 'executing_queue', running_item_uid: uid });
});

test('a second manager on the same store is refused, and says who holds it', async () => {
  await using manager = await ManagerPlace.start();
  await using second = ManagerPlace.beside(manager, {});
  await expect(second.startManager()).rejects.toThrow(/ended with 1[^]*is held by process \d+/);
});

test('a manager whose port is held does not start, and names the port', async () => {
  await using manager = await ManagerPlace.start();
  await using second = ManagerPlace.beside(manager, {
    store: { kind: 'sqlite', file: `${manager.workers.dir}/other.sqlite` },
    zmq_control_addr: manager.settings.zmq_control_addr,
  });
  await expect(second.startManager()).rejects.toThrow(`cannot bind ${manager.settings.zmq_control_addr}`);
});

test('what is added before any environment was opened is judged by what the profile has', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  await manager.add('count', [['det1']]);
  const item = { item_type: 'plan', name: 'no_such_plan' };
  const refused = await manager.call('queue_item_add', { item, user: 'Ann', user_group: 'primary' });
  expect(refused.msg).toContain("Plan 'no_such_plan' is not in the list of allowed plans.");
});

test('an environment that no worker is there to open is told in the log, and the manager is idle again', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  await manager.must('environment_open');
  await manager.until((status) => status.manager_state === 'creating_environment');
  await manager.until((status) => status.manager_state === 'idle');
  expect(manager.output).toContain('no worker process within 5 s');
});

test('startup code that fails is told with its file, and the manager is idle again', async () => {
  await using manager = await ManagerPlace.start({ startup_profile: null });
  const module = `${manager.workers.dir}/broken.ts`;
  writeFileSync(module, 'throw new Error("the shutter has no name");\n');
  manager.workers.settings.startup = { profile: null, dir: null, module };
  manager.worker?.signal('SIGKILL'); // The next one has the new settings.
  await manager.worker?.exited;

  await manager.must('environment_open');
  await manager.until(
    (status) => status.manager_state === 'idle' && manager.output.includes('the shutter has no name'),
  );
  expect(await manager.status()).toMatchObject({ worker_environment_exists: false });
});

test('what is no request changes nothing, and the next one is answered', async () => {
  await using manager = await ManagerPlace.withoutWorker();
  const before = await manager.status();
  const port = Number(manager.settings.zmq_control_addr.split(':').at(-1));

  // An HTTP request, and a scanner that says nothing
  for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '']) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end(text);
    socket.resume();
    await once(socket, 'close');
  }
  // Messages without the delimiter, without a request, with too much, and 10 MB of nothing
  const dealer = new Dealer({ linger: 1000 });
  dealer.connect(manager.settings.zmq_control_addr);
  for (const frames of [['x'], [''], ['', 'a', 'b'], ['a', 'b', 'c', 'd']]) await dealer.send(frames);
  await dealer.send(['', Buffer.alloc(10 * 1024 * 1024)]);
  const [, reply] = await dealer.receive();
  expect(String(reply)).toContain('Failed to decode the request: JSON decode error');
  dealer.close();

  const after = await manager.status();
  expect({ ...after, time: '' }).toEqual({ ...before, time: '' });
});

test('with MessagePack requests, replies and frames are that', async () => {
  await using manager = await ManagerPlace.withoutWorker({ zmq_encoding: 'msgpack' });
  expect(await manager.status()).toMatchObject({ manager_state: 'idle' });
  await manager.add('count', [['det1']]);
  await manager.until((status) => status.items_in_queue === 1);
  expect(manager.statuses.length).toBeGreaterThan(0);
});

test('the end of a plan is published within milliseconds, and an idle manager is heard once a second', async () => {
  await using manager = await ManagerPlace.start();
  await manager.openEnvironment();
  await manager.add('count', [['det1']]);
  await manager.must('queue_start');
  await manager.until((status) => status.items_in_history === 1 && status.manager_state === 'idle');

  const known = manager.statuses.length;
  await manager.untilTold();
  await manager.untilTold();
  expect(manager.statuses.length).toBeGreaterThan(known);
  expect(manager.console.join('')).toContain('Starting the plan');
  expect(manager.console.join('')).toContain('The plan was exited');
});

test('a manager that is not to publish leaves its info address free, and answers all the same', async () => {
  await using manager = await ManagerPlace.withoutWorker({ zmq_publish_console: false });
  const listener = new Publisher({ linger: 0 });
  await listener.bind(manager.settings.zmq_info_addr);
  listener.close();
  expect(await manager.status()).toMatchObject({ manager_state: 'idle' });
});

test('a manager that logs in detail names the request of a gateway in its own log, and in that of the worker', async () => {
  await using manager = await ManagerPlace.start({ verbosity: 'debug' });
  const gateway = new Dealer({ linger: 0 });
  gateway.connect(manager.settings.zmq_control_addr);

  await gateway.send(['req-7', '', '{"method":"environment_open","params":{}}']);
  await gateway.receive();
  gateway.close();
  await manager.until((status) => status.worker_environment_state === 'idle');

  const named = manager.console.filter((line) => line.includes('req-7'));
  expect(named).toEqual([
    expect.stringMatching(/bluesky_queueserver\.manager\.manager\] Request "req-7" of a gateway\n$/),
    expect.stringMatching(/beamgate\.worker\] Request "req-7" of a gateway: 'environment_open'\n$/),
  ]);
});

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LINK_ERRORS } from '../../../../src/protocol/worker/link.ts';
import type { WorkerState } from '../../../../src/protocol/worker/state.ts';
import { type LinkParts, LinkServer, type WorkerRequests } from '../../../../src/worker/link/link-server.ts';
import { Refusal } from '../../../../src/worker/link/refusal.ts';
import { FakeManager } from '../../../support/fake-manager.ts';

let dir: string;
let link: { socket: string; token_file: string };
let servers: LinkServer[];
let managers: FakeManager[];
let state: WorkerState;
const bugs: unknown[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'link-'));
  link = { socket: join(dir, 'run', 'worker.sock'), token_file: join(dir, 'token') };
  servers = [];
  managers = [];
  bugs.length = 0;
  state = {
    environment_state: 'closed',
    re_state: null,
    pause_pending: false,
    running_item_uid: null,
    runs: [],
    background_tasks: 0,
    running_task_uids: [],
  };
});
afterEach(async () => {
  for (const manager of managers) manager.close();
  for (const server of servers) await server.close();
  await rm(dir, { recursive: true });
});

async function serve(uid = 'worker-1', requests: Partial<WorkerRequests> = {}): Promise<LinkServer> {
  const parts: LinkParts = {
    socket: link.socket,
    tokenFile: link.token_file,
    worker: { uid, pid: process.pid, version: '0', started_at: 0, script_language: 'typescript' },
    requests: { runs: () => ({ runs: [] }), ...requests } as WorkerRequests,
    state: () => state,
    onError: (error) => bugs.push(error),
    onTrace: () => undefined,
  };
  const server = new LinkServer(parts);
  await server.listen();
  servers.push(server);
  return server;
}

async function greet(epoch: number, lastReport = { worker_uid: '', number: 0 }): Promise<FakeManager> {
  const manager = await FakeManager.connected(link);
  managers.push(manager);
  await manager.hello({ epoch, last_report: lastReport });
  return manager;
}

const closed = { type: 'environment_closed' } as const;

test('the folder, the socket and the token are private to their owner', async () => {
  await serve();

  expect((await stat(join(dir, 'run'))).mode & 0o777).toBe(0o700);
  expect((await stat(link.socket)).mode & 0o777).toBe(0o600);
  expect((await stat(link.token_file)).mode & 0o777).toBe(0o600);
});

test('the token that a supervisor made is kept', async () => {
  await writeFile(link.token_file, 'secret\n', { mode: 0o600 });
  await serve();

  expect(await readFile(link.token_file, 'utf8')).toBe('secret\n');
  await greet(1);
});

test('a socket file that a dead worker left is replaced, a living worker is not pushed aside', async () => {
  await serve();
  await expect(serve('worker-2')).rejects.toThrow(`Another worker is listening on '${link.socket}'`);

  await writeFile(join(dir, 'stale.sock'), '');
  link = { ...link, socket: join(dir, 'stale.sock') };
  await serve('worker-3');
  await greet(1);
});

test('a socket whose path the kernel would cut is refused by name', async () => {
  link = { ...link, socket: join(dir, 'x'.repeat(120)) };
  await expect(serve()).rejects.toThrow('must be at most 107 bytes long');
});

test('nothing is answered before hello, and hello needs the token, the protocol and a higher epoch', async () => {
  await serve();
  await greet(3);
  const manager = await FakeManager.connected(link);
  managers.push(manager);

  await expect(manager.request('state', {})).rejects.toMatchObject({ code: LINK_ERRORS.NOT_GREETED });
  await expect(manager.hello({ epoch: 4, token: 'x' })).rejects.toMatchObject({ code: LINK_ERRORS.WRONG_TOKEN });
  await expect(manager.hello({ epoch: 4, protocol: 9 })).rejects.toMatchObject({ code: LINK_ERRORS.PROTOCOL_UNKNOWN });
  await expect(manager.hello({ epoch: 3 })).rejects.toMatchObject({ code: LINK_ERRORS.EPOCH_TOO_OLD });
  await expect(manager.hello({ epoch: 4 })).resolves.toMatchObject({ protocol: 1, worker: { uid: 'worker-1' }, state });
});

test('a new worker process refuses the epochs that an earlier one refused', async () => {
  const first = await serve();
  const manager = await greet(7);
  manager.close();
  await first.close();

  await serve('worker-2');
  await expect(greet(7)).rejects.toMatchObject({ code: LINK_ERRORS.EPOCH_TOO_OLD });
  await greet(8);
});

test('a manager with a higher epoch ends the conversation with the older one', async () => {
  await serve();
  const older = await greet(1);
  const newer = await greet(2);

  await older.ended;
  await expect(newer.request('runs', {})).resolves.toEqual({ runs: [] });
});

test('reports without a manager are kept, sent to the next one, and dropped once acknowledged', async () => {
  const server = await serve();
  server.report(closed);
  server.report(closed);

  const first = await greet(1);
  await first.until(() => first.reports[1]);
  expect(first.reports.map(({ number, worker_uid }) => [number, worker_uid])).toEqual([
    [1, 'worker-1'],
    [2, 'worker-1'],
  ]);
  await first.request('acknowledge', { number: 1 });

  server.report(closed);
  const second = await greet(2);
  await second.until(() => second.reports[1]);
  expect(second.reports.map(({ number }) => number)).toEqual([2, 3]);
});

test('what a manager has stored of this worker is not sent again; a number of another worker means nothing', async () => {
  const server = await serve();
  server.report(closed);
  server.report(closed);

  const ofAnother = await greet(1, { worker_uid: 'worker-0', number: 2 });
  await ofAnother.until(() => ofAnother.reports[1]);

  const ofThis = await greet(2, { worker_uid: 'worker-1', number: 1 });
  await ofThis.until(() => ofThis.reports[0]);
  expect(ofThis.reports.map(({ number }) => number)).toEqual([2]);
});

test('of several changes in one turn only the last state is told, and before the report that they led to', async () => {
  const server = await serve();
  const manager = await greet(1);

  state = { ...state, environment_state: 'initializing' };
  server.stateChanged();
  state = { ...state, environment_state: 'idle' };
  server.stateChanged();
  server.report(closed);

  await manager.report('environment_closed');
  expect(manager.states.map((told) => told.environment_state)).toEqual(['idle']);
});

test('console text without a manager waits in a bounded tail that says how much was lost', async () => {
  const server = await serve();
  for (let at = 0; at < 2500; at++) server.console(`line ${at}\n`);

  const manager = await greet(1);
  await manager.until(() => manager.console[1999]);
  expect(manager.console[0]).toMatchObject({ msg: 'line 500\n', missed: 500 });
  expect(manager.console.at(-1)?.msg).toBe('line 2499\n');
});

test('a refusal and a bug are both answered; only the bug is reported', async () => {
  await serve('worker-1', {
    pause: () => {
      throw new Refusal('Run engine can be paused only in running state');
    },
    resume: () => Promise.reject(new Error('a bug')),
  });
  const manager = await greet(1);

  await expect(manager.request('pause', { option: 'deferred' })).rejects.toMatchObject({
    code: LINK_ERRORS.REFUSED,
    message: 'Run engine can be paused only in running state',
  });
  await expect(manager.request('resume', {})).rejects.toThrow('a bug');
  expect(bugs).toHaveLength(1);
});

test('parameters that break the contract are refused by name', async () => {
  await serve();
  const manager = await greet(1);

  // @ts-expect-error -- a manager in another language may send anything
  await expect(manager.request('pause', { option: 'now' })).rejects.toMatchObject({ code: -32602 });
  // @ts-expect-error -- as above
  await expect(manager.request('dance', {})).rejects.toMatchObject({ code: -32601 });
});

test.each(['', 'GET / HTTP/1.1', '[]', 'null', '{"method":"hello"}', '\0\xff'])(
  'the line %j costs at worst its own connection',
  async (junk) => {
    await serve();
    const other = await greet(1);
    const stranger = connect(link.socket);
    const { promise, resolve } = Promise.withResolvers<void>();
    stranger.on('close', () => resolve()).on('error', () => undefined);
    stranger.resume();

    stranger.write(`${junk}\n`);
    await promise;

    await expect(other.request('runs', {})).resolves.toEqual({ runs: [] });
  },
);

test('whoever is left is waited for until every report is stored', async () => {
  const server = await serve();
  const manager = await greet(1);
  server.report(closed);

  const stored = server.untilStored(AbortSignal.timeout(10_000));
  await manager.report('environment_closed');
  await manager.request('acknowledge', { number: 1 });
  await stored;
});

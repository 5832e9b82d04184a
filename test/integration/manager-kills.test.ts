import { describe, expect, test } from 'vitest';
import type { ManagerStatus } from '../../src/protocol/status.ts';
import { ManagerPlace } from '../support/manager-process.ts';

const isIdle = ({ manager_state: state }: ManagerStatus): boolean => state === 'idle';
const isRunning = ({ re_state: state }: ManagerStatus): boolean => state === 'running';
const LONG = { num: 40, delay: 1 };

describe('a manager that is killed while a plan runs', () => {
  test('finds the plan running, files its true result and goes on with the queue', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const first = await manager.add('count', [['det1']], { num: 6, delay: 1 });
    const second = await manager.add('count', [['det1']], { num: 2 });
    await manager.must('queue_start');
    await manager.until(isRunning);

    await manager.killManager();
    await manager.startManager();

    expect(await manager.status()).toMatchObject({ manager_state: 'executing_queue', running_item_uid: first });
    await manager.until((status) => isIdle(status) && status.items_in_history === 2);
    expect(await manager.history()).toMatchObject([
      { item_uid: first, result: { exit_status: 'completed' } },
      { item_uid: second, result: { exit_status: 'completed' } },
    ]);
  });

  test('learns of a plan that ended while no manager was there', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const uid = await manager.add('count', [['det1']], { num: 2, delay: 0.3 });
    await manager.must('queue_start');
    await manager.until(isRunning);

    await manager.killManager();
    const { worker } = manager;
    await expect.poll(() => worker?.output).toContain('The plan was exited');
    await manager.startManager();

    await manager.until((status) => isIdle(status) && status.items_in_history === 1);
    expect(await manager.history()).toMatchObject([{ item_uid: uid, result: { exit_status: 'completed' } }]);
    expect((await manager.history())[0]?.result['run_uids']).toHaveLength(1);
  });

  test('goes on with the queue when a plan ended while no manager was there', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const first = await manager.add('count', [['det1']], { num: 2, delay: 0.3 });
    const second = await manager.add('count', [['det1']]);
    await manager.must('queue_start');
    await manager.until(isRunning);

    await manager.killManager();
    await expect.poll(() => manager.worker?.output).toContain('The plan was exited');
    await manager.startManager();

    await manager.until((status) => isIdle(status) && status.items_in_history === 2);
    expect((await manager.history()).map(({ item_uid: uid }) => uid)).toEqual([first, second]);
    expect(await manager.status()).toMatchObject({ items_in_queue: 0 });
  });

  test('with its worker records that the outcome is unknown, and stands still', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const uid = await manager.add('count', [['det1']], LONG);
    await manager.add('count', [['det1']]);
    await manager.must('queue_autostart', { enable: true });
    await manager.until(isRunning);

    await manager.killManager();
    manager.worker?.signal('SIGKILL');
    await manager.worker?.exited;
    await manager.startManager();

    expect(await manager.status()).toMatchObject({
      manager_state: 'idle',
      running_item_uid: null,
      items_in_queue: 1,
      queue_autostart_enabled: false,
    });
    expect(await manager.history()).toMatchObject([{ item_uid: uid, result: { exit_status: 'unknown' } }]);
  });
});

describe('a worker that dies while an item runs', () => {
  test('leaves the item failed with the reason, a copy at the front, and a queue that stands still', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const uid = await manager.add('count', [['det1']], LONG);
    await manager.must('queue_autostart', { enable: true });
    await manager.until(isRunning);

    manager.worker?.signal('SIGKILL');
    await manager.until((status) => isIdle(status) && status.items_in_history === 1);

    expect(await manager.status()).toMatchObject({
      items_in_queue: 1,
      running_item_uid: null,
      worker_environment_exists: false,
      queue_autostart_enabled: false,
    });
    const [item] = await manager.history();
    expect(item).toMatchObject({ item_uid: uid, result: { exit_status: 'failed' } });
    expect(item?.result['msg']).toMatch(/^The worker process \(pid \d+\) died/);
    const { items } = await manager.must('queue_get');
    expect((items as { item_uid: string }[])[0]?.item_uid).not.toBe(uid);
  });

  test('is followed by a fresh one, in which the next environment opens', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();

    manager.worker?.signal('SIGKILL');
    await manager.until((status) => !status.worker_environment_exists);

    await manager.openEnvironment();
    expect(await manager.status()).toMatchObject({ worker_environment_state: 'idle', re_state: 'idle' });
  });
});

describe('a worker that hangs', () => {
  test('is told in status and log within 5 s, and destroying the environment ends it', async () => {
    await using manager = await ManagerPlace.start();
    await manager.openEnvironment();
    const began = performance.now();

    manager.worker?.signal('SIGSTOP');
    await manager.until((status) => status.msg.includes('the worker does not answer'), 8000);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(manager.console.join('')).toContain('The worker has not answered');

    await manager.must('environment_destroy');
    await manager.until((status) => isIdle(status) && !status.worker_environment_exists);
    await manager.openEnvironment();
  });
});

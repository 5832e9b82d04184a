import { describe, expect, test } from 'vitest';
import { Snapshots } from '../../../src/manager-client/snapshots.ts';
import type { SnapshotSource } from '../../../src/manager-client/snapshots.ts';

/** A manager with a status and a queue, whose answers come when the test says so. */
function aManager() {
  const manager = {
    statusUid: 's1',
    queueUid: 'q1',
    asked: [] as string[],
    hold: undefined as Promise<void> | undefined,
  };
  const source = (key: string, uidField: string, reply: () => string): SnapshotSource => ({
    key,
    uidField,
    prepare: (text) => Buffer.from(text),
    fetch: async () => {
      manager.asked.push(key);
      const text = reply();
      await manager.hold;
      return text;
    },
  });
  const status = source('status', 'status_uid', () =>
    JSON.stringify({ status_uid: manager.statusUid, plan_queue_uid: manager.queueUid }),
  );
  const queue = source('queue_get', 'plan_queue_uid', () =>
    JSON.stringify({ items: [], plan_queue_uid: manager.queueUid }),
  );
  return { manager, status, queue };
}

/** A read of the status that the manager has got, and has not answered yet. */
function aHeldRead() {
  const { manager, status } = aManager();
  const snapshots = new Snapshots();
  const held = Promise.withResolvers<void>();
  manager.hold = held.promise;
  return { manager, status, snapshots, held, before: snapshots.status(status) };
}

describe('snapshots of what the manager has', () => {
  test('a status is served without asking while the manager says the same status UID', async () => {
    const { manager, status } = aManager();
    const snapshots = new Snapshots();
    snapshots.heard('s1');
    await snapshots.status(status);

    snapshots.heard('s1');
    await snapshots.status(status);

    expect(manager.asked).toEqual(['status']);
  });

  test('a published change makes the next read ask', async () => {
    const { manager, status } = aManager();
    const snapshots = new Snapshots();
    snapshots.heard('s1');
    await snapshots.status(status);

    manager.statusUid = 's2';
    snapshots.heard('s2');

    expect(JSON.parse((await snapshots.status(status)).toString())).toMatchObject({ status_uid: 's2' });
  });

  test('a write is visible to the next read, whatever was published', async () => {
    const { manager, status, queue } = aManager();
    const snapshots = new Snapshots();
    snapshots.heard('s1');
    await snapshots.read(queue, status);

    Object.assign(manager, { statusUid: 's2', queueUid: 'q2' });
    snapshots.distrust();

    expect(JSON.parse((await snapshots.read(queue, status)).toString())).toMatchObject({ plan_queue_uid: 'q2' });
  });

  test('a write that leaves the queue as it was costs a status, not a queue', async () => {
    const { manager, status, queue } = aManager();
    const snapshots = new Snapshots();
    snapshots.heard('s1');
    await snapshots.read(queue, status);

    snapshots.distrust();
    await snapshots.read(queue, status);

    expect(manager.asked).toEqual(['status', 'queue_get', 'status']);
  });

  test('reads at the same moment share one request', async () => {
    const { manager, status } = aManager();
    const snapshots = new Snapshots();

    await Promise.all(Array.from({ length: 20 }, () => snapshots.status(status)));

    expect(manager.asked).toEqual(['status']);
  });

  test('a read that begins after a write does not join a request that was sent before it', async () => {
    const { manager, status, snapshots, held, before } = aHeldRead();

    manager.statusUid = 's2';
    snapshots.distrust();
    const after = snapshots.status(status);
    held.resolve();

    expect(JSON.parse((await before).toString())).toMatchObject({ status_uid: 's1' });
    expect(JSON.parse((await after).toString())).toMatchObject({ status_uid: 's2' });
  });

  test('an answer that was overtaken by a published change is not kept', async () => {
    const { manager, status, snapshots, held, before } = aHeldRead();
    manager.statusUid = 's2';
    snapshots.heard('s2');
    held.resolve();
    await before;

    expect(JSON.parse((await snapshots.status(status)).toString())).toMatchObject({ status_uid: 's2' });
  });

  test('a manager that is not heard is asked each time', async () => {
    const { manager, status } = aManager();
    let now = 0;
    const snapshots = new Snapshots(() => now);
    snapshots.heard('s1');
    await snapshots.status(status);

    now = 2000;
    await snapshots.status(status);

    expect(manager.asked).toEqual(['status', 'status']);
  });
});

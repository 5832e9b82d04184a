import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPlanQueue } from '../../src/manager/queue/plan-queue.ts';
import type { PlanQueue } from '../../src/manager/queue/queue-interface.ts';
import { openSqliteStore } from '../../src/manager/store/sqlite.ts';
import { ManagerPlace } from '../support/manager-process.ts';
import { SmallDisk } from '../support/small-disk.ts';

const MIB = 2 ** 20;
const RESULT = {
  exit_status: 'completed',
  run_uids: [],
  scan_ids: [],
  time_start: 1,
  time_stop: 2,
  msg: '',
  traceback: '',
};
const anItem = () => {
  const uid = crypto.randomUUID();
  return { uid, text: `{"item_type": "plan", "name": "${'x'.repeat(20_000)}", "item_uid": "${uid}"}` };
};

let disk: SmallDisk;
beforeEach(() => {
  disk = new SmallDisk(mkdtempSync(join(tmpdir(), 'small-disk-')), '16m');
});
afterEach(() => {
  disk[Symbol.dispose]();
  rmSync(disk.path, { recursive: true });
});

async function addUntilRefused(queue: PlanQueue): Promise<unknown> {
  for (;;) {
    try {
      await queue.add(anItem(), { pos: 'back' });
    } catch (error) {
      return error;
    }
  }
}

test('a full disk is named, what was acknowledged stays, and what has happened is written when there is room', async () => {
  // Given a queue with a running item on a disk that fills up
  const path = join(disk.path, 'queue.sqlite');
  const makeRoom = disk.fill(4 * MIB);
  const queue = await openPlanQueue(await openSqliteStore(path));
  await queue.add(anItem(), { pos: 'back' });
  await queue.takeNext(1);

  // When an item is added that has no room
  const refusal = await addUntilRefused(queue);

  // Then that is said by name, and the item's end waits for room
  expect(refusal).toMatchObject({
    code: 'STORE_UNWRITABLE',
    message: `The store '${path}' takes no changes now, and nothing was changed: database or disk is full. It goes on when that is over.`,
  });
  const size = queue.size;
  const finished = queue.finish(RESULT, null);
  makeRoom();
  await finished;
  const text = queue.queueText();
  await queue.close();
  const again = await openPlanQueue(await openSqliteStore(path));
  expect(again.size).toBe(size);
  expect(again.queueText()).toBe(text);
  expect(again.historySize).toBe(1);
  expect(again.running).toBeNull();
  await again.close();
});

test('a manager on a full disk refuses what it cannot keep, and takes it when there is room', async () => {
  const makeRoom = disk.fill(2 * MIB);
  await using manager = await ManagerPlace.withoutWorker({
    store: { kind: 'sqlite', file: join(disk.path, 'queue.sqlite') },
  });
  const item = { item_type: 'plan', name: 'count', args: [['det1']], meta: { note: 'x'.repeat(20_000) } };
  const add = () => manager.call('queue_item_add', { item, user: 'Ann', user_group: 'primary' });
  let reply = await add();
  while (reply.success) reply = await add();
  expect(reply.msg).toContain('database or disk is full');
  const { items } = await manager.must('queue_get');
  makeRoom();
  expect(await add()).toMatchObject({ success: true, qsize: (items as unknown[]).length + 1 });
});

test('a store with damaged pages is named at each start, and never taken for an empty one', async () => {
  // Given a store in whose middle something else was written
  const path = join(disk.path, 'queue.sqlite');
  const queue = await openPlanQueue(await openSqliteStore(path));
  for (let n = 0; n < 20; n++) await queue.add(anItem(), { pos: 'back' });
  await queue.close();
  damage(path);
  const { size } = statSync(path);

  // When managers start on it
  const start = () => ManagerPlace.withoutWorker({ store: { kind: 'sqlite', file: path } });

  // Then each says which file it is, and why it does not start
  for (let n = 0; n < 2; n++) {
    await expect(start()).rejects.toThrow(new RegExp(`The store '${path}' .*: database disk image is malformed`));
  }
  expect(statSync(path).size).toBeGreaterThanOrEqual(size);
});

/** A disk that wrote one thing in place of another, all over the second half. */
function damage(path: string): void {
  const file = openSync(path, 'r+');
  const half = Math.floor(fstatSync(file).size / 2);
  writeSync(file, Buffer.alloc(half, 0x5a), 0, half, half);
  closeSync(file);
}

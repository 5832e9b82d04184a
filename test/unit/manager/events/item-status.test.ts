import { expect, test } from 'vitest';
import { itemStatus } from '../../../../src/manager/events/item-status.ts';
import { ItemStories } from '../../../../src/manager/events/item-stories.ts';
import { aPlan, aResult, QueueFixture } from '../queue/queue-fixture.ts';

/** Asks as a client does, about a queue on a real store. */
async function aQueue(options?: { limit?: number; historyLimit?: number }) {
  let now = 100;
  const queueOptions = { now: () => now++, ...(options?.historyLimit === undefined ? {} : options) };
  const fixture = await QueueFixture.open(queueOptions);
  const stories = new ItemStories(fixture.queue.events, options?.limit);
  return {
    queue: fixture.queue,
    statusOf: (uid: string) => itemStatus(uid, { queue: fixture.queue, stories, runsNow: () => ['run-0'] }),
    async statusAfterRestart(uid: string) {
      const queue = await fixture.reopen(queueOptions);
      return await itemStatus(uid, { queue, stories: new ItemStories(queue.events), runsNow: () => [] });
    },
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}

test('an item that waits is queued, with its position and when it came', async () => {
  await using asked = await aQueue();
  await asked.queue.addBatch([aPlan('a'), aPlan('b')], {});
  expect(await asked.statusOf('b')).toMatchObject({
    state: 'queued',
    position: 1,
    item: { text: aPlan('b').text },
    submitted_at: 100,
    started_at: null,
    ended_at: null,
    run_uids: [],
    result: null,
    last_event: 2,
  });
});

test('an item that runs tells since when, and the runs that it has opened', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.takeNext(500);
  expect(await asked.statusOf('a')).toMatchObject({
    state: 'running',
    position: null,
    submitted_at: 100,
    started_at: 101,
    ended_at: null,
    run_uids: ['run-0'],
  });
});

test('an item that has ended tells its result, also after a restart', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.takeNext(500);
  await asked.queue.finish(aResult('completed'), null);
  const told = {
    state: 'completed',
    submitted_at: 100,
    started_at: 1000,
    ended_at: 102,
    run_uids: ['run-1'],
    result: { exit_status: 'completed', scan_ids: [7] },
    requeued_as: null,
  };
  expect(await asked.statusOf('a')).toMatchObject(told);
  expect(await asked.statusAfterRestart('a')).toMatchObject(told);
});

test.each(['failed', 'aborted', 'halted'])(
  'an item that has %s tells the copy that went back, and the copy it',
  async (exit) => {
    await using asked = await aQueue();
    await asked.queue.add(aPlan('a'), {});
    await asked.queue.takeNext(500);
    await asked.queue.finish(aResult(exit), null);
    const { state, requeued_as: copy } = await asked.statusOf('a');
    expect(state).toBe(exit);
    expect(await asked.statusOf(copy as string)).toMatchObject({
      state: 'queued',
      position: 0,
      copy_of: 'a',
      submitted_at: 102,
      result: null,
      run_uids: [],
    });
  },
);

test('an item that was put back is queued again', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.takeNext(500);
  await asked.queue.putBack();
  expect(await asked.statusOf('a')).toMatchObject({
    state: 'queued',
    position: 0,
    started_at: null,
    submitted_at: 100,
  });
});

test('an item that was taken out is removed, alone, in a batch or with the whole queue', async () => {
  await using asked = await aQueue();
  await asked.queue.addBatch(
    ['a', 'b', 'c', 'd'].map((uid) => aPlan(uid)),
    {},
  );
  await asked.queue.remove({ uid: 'a' });
  await asked.queue.removeBatch({ uids: ['b'] });
  await asked.queue.clear();
  for (const [uid, ended_at] of Object.entries({ a: 101, b: 102, c: 103, d: 103 })) {
    expect(await asked.statusOf(uid)).toMatchObject({ state: 'removed', submitted_at: 100, ended_at, item: null });
  }
  expect(await asked.statusAfterRestart('c')).toMatchObject({ state: 'removed' });
});

test('an item that was replaced under another UID tells by which', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.replace(aPlan('new', { name: 'count' }), 'a');
  expect(await asked.statusOf('a')).toMatchObject({ state: 'removed', replaced_by: 'new' });
  expect(await asked.statusOf('new')).toMatchObject({ state: 'queued', position: 0 });
});

test('an instruction that was obeyed is completed', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('stop', { item_type: 'instruction', name: 'queue_stop' }), {});
  await asked.queue.takeInstruction();
  expect(await asked.statusOf('stop')).toMatchObject({ state: 'completed', submitted_at: 100, ended_at: 101 });
});

test('an immediate item that was not started is removed: it never stood in the queue', async () => {
  await using asked = await aQueue();
  await asked.queue.takeNext(500, aPlan('once'));
  expect(await asked.statusOf('once')).toMatchObject({ state: 'running' });
  await asked.queue.putBack();
  expect(await asked.statusOf('once')).toMatchObject({ state: 'removed' });
});

test('an item whose history was cleared is remembered by its end', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.takeNext(500);
  await asked.queue.finish(aResult('stopped'), null);
  await asked.queue.clearHistory({});
  expect(await asked.statusOf('a')).toMatchObject({ state: 'stopped', item: null, result: null, ended_at: 102 });
});

test('a UID that was never here is refused', async () => {
  await using asked = await aQueue();
  await expect(asked.statusOf('nobody')).rejects.toMatchObject({
    code: 'ITEM_UNKNOWN',
    message: expect.stringContaining("'nobody'"),
  });
});

test('of those that have left so many are remembered, the last ones', async () => {
  await using asked = await aQueue({ limit: 2 });
  await asked.queue.addBatch(
    ['a', 'b', 'c'].map((uid) => aPlan(uid)),
    {},
  );
  for (const uid of ['a', 'b', 'c']) await asked.queue.remove({ uid });
  await expect(asked.statusOf('a')).rejects.toMatchObject({ code: 'ITEM_UNKNOWN' });
  expect(await asked.statusOf('b')).toMatchObject({ state: 'removed' });
});

test('an item that the log has forgotten is still found in the history', async () => {
  await using asked = await aQueue();
  await asked.queue.add(aPlan('a'), {});
  await asked.queue.takeNext(500);
  await asked.queue.finish(aResult('completed'), null);
  const stories = new ItemStories({ last: 0, first: async () => 1, after: async () => [] });
  expect(await itemStatus('a', { queue: asked.queue, stories, runsNow: () => [] })).toMatchObject({
    state: 'completed',
    submitted_at: null,
    ended_at: 1001.5,
  });
});

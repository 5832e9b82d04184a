import { describe, expect, test } from 'vitest';
import { BatchRefused } from '../../../../src/manager/queue/queue-interface.ts';
import type { QueueChange } from '../../../../src/manager/queue/queue-interface.ts';
import { aPlan, aResult, QueueFixture, uidsIn } from './queue-fixture.ts';

const refusal = (message: string) => expect.objectContaining({ code: 'REFUSED', message });

describe('adding', () => {
  test("keeps the client's own bytes, and leaves out what is not an item's", async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    const text = '{"name": "scan","kwargs":{"x":1.0,"big":9223372036854775808,"nan":NaN} ,"item_uid":"a"}';
    expect((await queue.add({ uid: 'a', text }, {})).item.text).toBe(text);
    const { item } = await queue.add({ uid: 'b', text: '{"result":{"a":1},"name":"scan","args":[1.0]}' }, {});
    expect(item.text).toBe('{"name":"scan","args":[1.0],"item_uid":"b"}');
    expect((await fixture.reopen()).queueText()).toBe(`[${text},${item.text}]`);
  });

  test('takes effect in the order of the calls, not of their answers', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    const many = Array.from({ length: 600 }, (_, n) => aPlan(`many-${n}`));
    const answers = await Promise.all([
      queue.add(aPlan('a'), {}),
      queue.addBatch(many, {}),
      queue.add(aPlan('b'), { after_uid: 'many-599' }),
      queue.remove({ uid: 'a' }),
      queue.move({ uid: 'b', pos_dest: 'front' }),
    ]);
    expect(answers.map(({ qsize }) => qsize)).toEqual([1, 601, 602, 601, 601]);
    expect(uidsIn(queue.queueText())).toEqual(['b', ...many.map(({ uid }) => uid)]);
  });

  test('of a batch is all or nothing, with a verdict for each item', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.add(aPlan('a'), {});
    const [uid, text] = [queue.queueUid, queue.queueText()];
    const error = await queue.addBatch([aPlan('b'), aPlan('a'), aPlan('b')], {}).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(BatchRefused);
    expect(error).toMatchObject({
      message: 'Failed to add all items: validation of 2 out of 3 submitted items failed',
      results: [
        { success: true, msg: '' },
        { success: false, msg: 'Failed to add item to queue: Item with UID a is already in the queue' },
        { success: false, msg: 'Failed to add item to queue: Item with UID b is already in the queue' },
      ],
    });
    expect([queue.queueUid, queue.queueText()]).toEqual([uid, text]);
  });

  test('of 10,000 items is one short transaction, and others are answered meanwhile', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    const items = Array.from({ length: 10_000 }, (_, n) => aPlan(`item-${n}`, { kwargs: { num: n }, user: 'Ann' }));
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    const begun = performance.now();
    await queue.addBatch(items, {});
    clearInterval(others);
    // 0.1 s when nothing else runs; the bound allows for a busy machine.
    expect(performance.now() - begun).toBeLessThan(1500);
    expect(turns).toBeGreaterThan(10);
    expect(queue.size).toBe(10_000);
  });
});

describe('replacing', () => {
  test('under a new UID leaves nothing of the old one', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.addBatch([aPlan('a'), aPlan('b')], {});
    await queue.replace(aPlan('new'), 'a');
    expect(uidsIn(queue.queueText())).toEqual(['new', 'b']);
    expect(() => queue.get({ uid: 'a' })).toThrow(refusal("Item with UID 'a' is not in the queue."));
    await queue.add(aPlan('a'), {});
    expect(uidsIn((await fixture.reopen()).queueText())).toEqual(['new', 'b', 'a']);
  });
});

describe('moving', () => {
  test('a batch with the running item in it is refused whole', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.addBatch(
      ['a', 'b', 'c'].map((uid) => aPlan(uid)),
      {},
    );
    await queue.takeNext(1);
    const text = queue.queueText();
    await expect(queue.moveBatch({ uids: ['c', 'a'], pos_dest: 'front' })).rejects.toEqual(
      refusal("Source plan (UID 'a') was not found: The item with UID '{uid}' is currently running.."),
    );
    expect(queue.queueText()).toBe(text);
  });
});

describe('running', () => {
  test('is over with the result in the history, as it was taken', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.add(aPlan('a', { properties: { color: 'red' } }), {});
    const taken = await queue.takeNext(1000);
    expect(taken?.text).toContain('"properties":{"color":"red","time_start":1000.0}');
    expect([queue.size, queue.running]).toEqual([0, taken]);
    const done = await queue.finish(aResult('completed'), { worker_uid: 'w', number: 5 });
    expect(done?.text).toBe(
      '{"item_type":"plan","name":"scan","properties":{"color":"red"},"item_uid":"a","result":{"exit_status":"completed",' +
        '"run_uids":["run-1"],"scan_ids":[7],"time_start":1000.0,"time_stop":1001.5,"msg":"","traceback":""}}',
    );
    const after = await fixture.reopen();
    expect([after.historyText(), after.running, after.size]).toEqual([`[${done?.text}]`, null, 0]);
    expect(after.cursor).toEqual({ worker_uid: 'w', number: 5 });
  });

  test('of a second item is refused', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.addBatch([aPlan('a'), aPlan('b')], {});
    await queue.takeNext(1);
    await expect(queue.takeNext(2)).rejects.toMatchObject({ code: 'ITEM_ALREADY_RUNNING' });
    expect([queue.running?.uid, queue.size]).toEqual(['a', 1]);
  });

  test('survives the manager', async () => {
    await using fixture = await QueueFixture.open();
    await fixture.queue.add(aPlan('a'), {});
    const taken = await fixture.queue.takeNext(1);
    const epoch = fixture.queue.epoch;
    expect(await fixture.reopen()).toMatchObject({ running: taken, size: 0, epoch: epoch + 1 });
  });

  test.each(['failed', 'aborted', 'halted'])('leaves a copy at the front when it %s', async (status) => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.addBatch([aPlan('a'), aPlan('b')], {});
    await queue.takeNext(1);
    await queue.finish(aResult(status), null);
    const [copy, next] = uidsIn(queue.queueText());
    expect(next).toBe('b');
    expect(copy).not.toBe('a');
    expect(uidsIn(queue.historyText())).toEqual(['a']);
    // And the log says so.
    const [event] = await fixture.store.eventsAfter((await fixture.store.lastEvent()) - 1, 1);
    expect(event).toMatchObject({ kind: 'item_finished', detail: { exit_status: status, requeued_as: copy } });
  });

  test.each(['completed', 'stopped', 'unknown'])('leaves nothing in the queue when it is %s', async (status) => {
    await using fixture = await QueueFixture.open();
    await fixture.queue.add(aPlan('a'), {});
    await fixture.queue.takeNext(1);
    await fixture.queue.finish(aResult(status), null);
    expect([fixture.queue.size, fixture.queue.running, fixture.queue.historySize]).toEqual([0, null, 1]);
  });

  test('that failed is let go where failures are ignored, unless its environment was lost', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.setMode({ ignore_failures: true });
    await queue.addBatch([aPlan('a'), aPlan('b')], {});
    await queue.takeNext(1);
    await queue.finish(aResult('failed'), null);
    expect(uidsIn(queue.queueText())).toEqual(['b']);
    await queue.takeNext(2);
    await queue.finish(aResult('failed'), null, 'environment');
    expect(queue.size).toBe(1);
  });

  test('of an immediate item touches no queue, and leaves no copy', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.add(aPlan('a'), {});
    expect((await queue.takeNext(1, aPlan('now')))?.text).toContain('"immediate_execution":true');
    await queue.finish(aResult('failed'), null);
    expect(uidsIn(queue.queueText())).toEqual(['a']);
    expect(queue.historyText()).not.toContain('immediate_execution');
  });

  test('can be taken back before it began', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.addBatch([aPlan('a'), aPlan('b')], {});
    const text = queue.queueText();
    await queue.takeNext(1);
    await queue.putBack();
    expect([queue.queueText(), queue.running]).toEqual([text, null]);
    expect((await fixture.reopen()).queueText()).toBe(text);
  });
});

describe('the history', () => {
  test('keeps as many as it may, the newest', async () => {
    await using fixture = await QueueFixture.open({ historyLimit: 3 });
    const { queue } = fixture;
    for (const uid of ['a', 'b', 'c', 'd', 'e']) {
      await queue.takeNext(1, aPlan(uid));
      await queue.finish(aResult('completed'), null);
    }
    expect(uidsIn(queue.historyText())).toEqual(['c', 'd', 'e']);
    expect(uidsIn((await fixture.reopen()).historyText())).toEqual(['c', 'd', 'e']);
  });

  test('refuses a size that is no integer, in words that clients know', async () => {
    await using fixture = await QueueFixture.open();
    await expect(fixture.queue.clearHistory({ size: '3' })).rejects.toEqual(
      refusal("The 'size' parameter must be an integer: size='3'"),
    );
    await expect(fixture.queue.clearHistory({ size: 3, item_uid: 'a' })).rejects.toEqual(
      refusal("Parameters 'size' and 'item_uid' are mutually exclusive."),
    );
  });
});

describe('what others see', () => {
  test('are UIDs that change exactly with what they stand for, and a word after each change', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    const told: QueueChange[][] = [];
    queue.onChange((change) => told.at(-1)?.push(change));
    const seen = async (act: () => Promise<unknown>): Promise<unknown> => {
      const before = [queue.queueUid, queue.historyUid];
      told.push([]);
      await act();
      return { queue: queue.queueUid !== before[0], history: queue.historyUid !== before[1], told: told.at(-1) };
    };
    const add = (uid: string) => () => queue.add(aPlan(uid), {});
    expect(await seen(add('a'))).toEqual({ queue: true, history: false, told: ['queue'] });
    expect(await seen(() => add('a')().catch(() => undefined))).toEqual({ queue: false, history: false, told: [] });
    expect(await seen(() => queue.takeNext(1))).toEqual({ queue: true, history: false, told: ['queue', 'running'] });
    expect(await seen(() => queue.finish(aResult('completed'), null))).toEqual({
      queue: true,
      history: true,
      told: ['running', 'history'],
    });
    expect(await seen(() => queue.setMode({ loop: true }))).toEqual({ queue: false, history: false, told: ['mode'] });
    expect(await seen(() => queue.setAutostart(true))).toEqual({ queue: false, history: false, told: ['autostart'] });
    expect(await seen(() => queue.setAutostart(true))).toEqual({ queue: false, history: false, told: [] });
  });

  test('is nothing of a change whose commit failed', async () => {
    await using fixture = await QueueFixture.open();
    const { queue, store } = fixture;
    await queue.add(aPlan('a'), {});
    const [uid, text] = [queue.queueUid, queue.queueText()];
    await store.close();
    await expect(queue.add(aPlan('b'), {})).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await expect(queue.takeNext(1)).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect([queue.queueUid, queue.queueText(), queue.running, queue.size]).toEqual([uid, text, null, 1]);
  });

  test('is the change, even where a listener throws', async () => {
    const errors: unknown[] = [];
    await using fixture = await QueueFixture.open({ onListenerError: (error) => errors.push(error) });
    fixture.queue.onChange(() => {
      throw new Error('a listener');
    });
    expect((await fixture.queue.add(aPlan('a'), {})).qsize).toBe(1);
    expect(errors).toEqual([new Error('a listener')]);
  });

  test('is the same text as long as nothing changes', async () => {
    await using fixture = await QueueFixture.open();
    const { queue } = fixture;
    await queue.add(aPlan('a'), {});
    expect(queue.queueText()).toBe(queue.queueText());
    expect(queue.queueText()).toBe(`[${aPlan('a').text}]`);
  });

  test('is, after a restart, all that was set', async () => {
    await using fixture = await QueueFixture.open();
    await fixture.queue.setMode({ loop: true });
    await fixture.queue.setAutostart(true);
    await fixture.queue.keep('lock', { text: '{"queue":true}', events: [] });
    await fixture.queue.setCursor({ worker_uid: 'w', number: 9 });
    const queue = await fixture.reopen();
    expect([queue.mode, queue.isAutostartEnabled, queue.kept('lock'), queue.cursor]).toEqual([
      { loop: true, ignore_failures: false },
      true,
      '{"queue":true}',
      { worker_uid: 'w', number: 9 },
    ]);
  });
});

test('a plan that was put in front of an instruction is not carried off as one', async () => {
  await using fixture = await QueueFixture.open();
  const { queue } = fixture;
  await queue.add({ uid: 'stop', text: '{"item_type":"instruction","name":"queue_stop","item_uid":"stop"}' }, {});
  await queue.add({ uid: 'p', text: '{"item_type":"plan","name":"count","item_uid":"p"}' }, { pos: 'front' });
  expect(await queue.takeInstruction()).toBeNull();
  expect(uidsIn(queue.queueText())).toEqual(['p', 'stop']);
});

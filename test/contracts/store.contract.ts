import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ItemText, QueueStore, StoreChange, StoreEvent } from '../../src/manager/store/store.ts';

export interface StoreSubject {
  /** The same store each time. */
  open(options?: { eventLimit?: number }): Promise<QueueStore>;
  /**
   * Another process opens the store and appends items, one a commit, until it is killed by SIGKILL after that many were
   * acknowledged. With `run` it takes the first of them as the running one before.
   * @returns the UIDs that were acknowledged, in order
   */
  appendUntilKilled(count: number, options?: { run?: boolean }): Promise<string[]>;
  /** Another process begins one commit of that many items and is killed by SIGKILL while it is at it, or just after. */
  killInBatch(count: number): Promise<void>;
  /** Removes what the store left. */
  end(): Promise<void>;
}

/** As Python writes it, so that it comes back the same from every store. */
export const anItem = (uid: string): ItemText => ({
  uid,
  text: `{"name": "scan", "item_uid": ${JSON.stringify(uid)}}`,
});
const uidsOf = (items: readonly ItemText[]): string[] => items.map(({ uid }) => uid);
const added = (uids: readonly string[], before: string | null = null): StoreChange => ({
  type: 'add',
  items: uids.map(anItem),
  before: before === null ? null : anItem(before),
});
const anEvent = (uid: string, at = 1000.25): StoreEvent => ({ kind: 'item_added', at, item_uid: uid });

/** What every queue store must do. */
export function storeContract(name: string, aSubject: () => Promise<StoreSubject>): void {
  describe(`a queue store on ${name}`, () => {
    let subject: StoreSubject;
    let store: QueueStore;
    beforeEach(async () => {
      subject = await aSubject();
      store = await subject.open();
    });
    afterEach(async () => {
      await store.close();
      await subject.end();
    });
    const reopened = async (options?: { eventLimit?: number }): Promise<QueueStore> => {
      await store.close();
      return (store = await subject.open(options));
    };
    const queueUids = async (): Promise<string[]> => uidsOf((await store.read()).queue);
    const commit = (...changes: StoreChange[]): Promise<void> => store.commit(changes, []);

    test('starts empty', async () => {
      expect(await store.read()).toEqual({ queue: [], running: null, history: [], values: {} });
      expect(await store.lastEvent()).toBe(0);
    });

    test('has a higher epoch each time it is opened, and one that is higher than that of a store used before it', async () => {
      const first = store.epoch;
      const now = Math.floor(Date.now() / 1000);
      const next = (await reopened()).epoch;
      expect(next).toBeGreaterThan(first);
      expect(next).toBeGreaterThanOrEqual(now);
    });

    test('gives every value back as it came, and what Python wrote byte for byte', async () => {
      const text =
        '{"kwargs": {"a": 1.0, "b": 9223372036854775808, "c": NaN, "9": "\\u00e9\\ud83d\\ude00\\\\n"}, "item_uid": "u"}';
      await commit({ type: 'add', items: [{ uid: 'u', text }], before: null });
      expect((await (await reopened()).read()).queue).toEqual([{ uid: 'u', text }]);
    });

    test('puts items to the back, to the front and in between', async () => {
      await commit(added(['a', 'b']));
      await commit(added(['c']));
      await commit(added(['x', 'y'], 'b'));
      await commit(added(['z'], 'a'));
      await reopened();
      expect(await queueUids()).toEqual(['z', 'a', 'x', 'y', 'b', 'c']);
    });

    test('keeps the order of thousands of insertions at one spot', async () => {
      await commit(added(['front', 'back']));
      const expected: string[] = [];
      for (let round = 0; round < 40; round++) {
        const uids = Array.from({ length: 50 }, (_, n) => `${round}-${n}`);
        if (round % 2 === 0) {
          await commit(...uids.map((uid) => added([uid], 'back')));
          expected.push(...uids);
        } else {
          await commit(...uids.map((uid, n) => added([uid], n === 0 ? expected[0] : uids[n - 1])));
          expected.unshift(...uids.toReversed());
        }
      }
      await reopened();
      expect(await queueUids()).toEqual(['front', ...expected, 'back']);
    });

    test('moves items together and takes them out', async () => {
      await commit(added(['a', 'b', 'c', 'd']));
      await commit({ type: 'move', items: [anItem('d'), anItem('b')], before: anItem('a') });
      await commit({ type: 'move', items: [anItem('a')], before: null });
      await commit({ type: 'remove', items: [anItem('b')] });
      await reopened();
      expect(await queueUids()).toEqual(['d', 'c', 'a']);
    });

    test('replaces an item at its place, under a new UID too', async () => {
      await commit(added(['a', 'b', 'c']));
      await commit({ type: 'replace', item: anItem('b'), by: anItem('new') });
      await commit({ type: 'replace', item: anItem('c'), by: { uid: 'c', text: '{"other": 1, "item_uid": "c"}' } });
      await reopened();
      expect((await store.read()).queue).toEqual([
        anItem('a'),
        anItem('new'),
        { uid: 'c', text: '{"other": 1, "item_uid": "c"}' },
      ]);
    });

    test('clears the queue, and neither what runs nor the history', async () => {
      await commit(added(['a', 'b']), { type: 'run', item: anItem('r') }, { type: 'remember', item: anItem('h') });
      await commit({ type: 'clear' });
      await reopened();
      expect(await store.read()).toMatchObject({ queue: [], running: anItem('r'), history: [anItem('h')] });
    });

    test('moves an item from the queue to the running one, and on to the history', async () => {
      await commit(added(['a', 'b']));
      await commit({ type: 'remove', items: [anItem('a')] }, { type: 'run', item: anItem('a') });
      expect(await store.read()).toMatchObject({ queue: [anItem('b')], running: anItem('a'), history: [] });
      await commit({ type: 'run', item: null }, { type: 'remember', item: anItem('a') });
      await reopened();
      expect(await store.read()).toMatchObject({ queue: [anItem('b')], running: null, history: [anItem('a')] });
    });

    test('forgets the oldest of the history, and keeps equal UIDs apart', async () => {
      for (const uid of ['a', 'b', 'a', 'c']) await commit({ type: 'remember', item: anItem(uid) });
      await commit({ type: 'forget', count: 2 });
      await reopened();
      expect(uidsOf((await store.read()).history)).toEqual(['a', 'c']);
    });

    test('keeps single values, and none that was taken back', async () => {
      await commit({ type: 'set', name: 'mode', text: '{"loop":true}' }, { type: 'set', name: 'lock', text: '{}' });
      await commit({ type: 'set', name: 'mode', text: '{"loop":false}' }, { type: 'set', name: 'lock', text: null });
      await reopened();
      expect((await store.read()).values).toEqual({ mode: '{"loop":false}' });
    });

    test('numbers its events, across openings too', async () => {
      await store.commit([added(['a'])], [anEvent('a'), { kind: 'mode_changed', at: 2, detail: { loop: true } }]);
      await reopened();
      await store.commit([added(['b'])], [anEvent('b')]);
      expect(await store.eventsAfter(0, 10)).toEqual([
        { number: 1, kind: 'item_added', at: 1000.25, item_uid: 'a' },
        { number: 2, kind: 'mode_changed', at: 2, detail: { loop: true } },
        { number: 3, kind: 'item_added', at: 1000.25, item_uid: 'b' },
      ]);
      expect((await store.eventsAfter(1, 1)).map(({ number }) => number)).toEqual([2]);
      expect(await store.lastEvent()).toBe(3);
    });

    test('keeps its log bounded, and its numbers rising', async () => {
      await reopened({ eventLimit: 500 });
      for (let n = 0; n < 20; n++)
        await store.commit(
          [],
          Array.from({ length: 200 }, () => anEvent('a')),
        );
      const kept = await store.eventsAfter(0, 100_000);
      expect(kept.at(-1)?.number).toBe(4000);
      expect(kept[0]?.number).toBe(4001 - kept.length);
      expect(kept.length).toBeGreaterThanOrEqual(500);
      expect(kept.length).toBeLessThan(1700);
    });

    test('writes nothing of a commit that cannot be made whole', async () => {
      // Given an item in the queue
      await store.commit([added(['a'])], [anEvent('a')]);
      const before = await store.read();
      // When a commit names one that is not there, after changes that could be made
      const changes: StoreChange[] = [added(['b']), { type: 'clear' }, { type: 'remove', items: [anItem('none')] }];
      const refused = store.commit(changes, [anEvent('b')]);
      // Then nothing of it is there, and the store goes on
      await expect(refused).rejects.toMatchObject({ code: 'STORE_FAILED' });
      expect(await store.read()).toEqual(before);
      expect(await store.lastEvent()).toBe(1);
      await commit(added(['c']));
      expect(await queueUids()).toEqual(['a', 'c']);
    });

    test('is held by one at a time, and says by whom', async () => {
      const second = subject.open();
      await expect(second).rejects.toMatchObject({
        code: 'STORE_HELD',
        message: expect.stringContaining(`process ${process.pid} on `),
      });
      await commit(added(['a']));
      await reopened();
      expect(await queueUids()).toEqual(['a']);
    });

    test('has after a crash all that was acknowledged, in order, and is free for the next', async () => {
      const epoch = store.epoch;
      await store.close();
      const acknowledged = await subject.appendUntilKilled(50);
      store = await subject.open();
      const kept = await queueUids();
      expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
      // The process died at some moment: one commit more may have reached the disk, unheard.
      expect(kept.length - acknowledged.length).toBeLessThanOrEqual(1);
      expect(await store.lastEvent()).toBe(kept.length);
      expect(store.epoch).toBeGreaterThan(epoch);
    });

    test('remembers after a crash the item that was running', async () => {
      await store.close();
      const acknowledged = await subject.appendUntilKilled(3, { run: true });
      store = await subject.open();
      const { queue, running } = await store.read();
      expect(running?.uid).toBe(acknowledged[0]);
      expect(uidsOf(queue).slice(0, acknowledged.length - 1)).toEqual(acknowledged.slice(1));
    });

    test('has after a crash in the middle of a long commit all of it or nothing', async () => {
      await commit(added(['a']));
      await store.close();
      await subject.killInBatch(20_000);
      store = await subject.open();
      const kept = await queueUids();
      expect([1, 20_001]).toContain(kept.length);
      expect(kept[0]).toBe('a');
      expect(await store.lastEvent()).toBe(kept.length - 1);
    });

    test('orders items as a plain list would, whatever is done to them', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anAction, { maxLength: 60 }), async (actions) => {
          await commit({ type: 'clear' });
          let model: string[] = [];
          let next = 0;
          for (const action of actions) {
            const { change, after } = done(action, model, () => `i${next++}`);
            await commit(change);
            model = after;
          }
          expect(await queueUids()).toEqual(model);
        }),
        { numRuns: 25 },
      );
    });
  });
}

/** Writers in processes of their own, killed by SIGKILL; what they sent before is still read after it: it was acknowledged. */
export function killedWriters(place: string): Pick<StoreSubject, 'appendUntilKilled' | 'killInBatch'> {
  const untilKilled = async (args: readonly string[], count: number): Promise<string[]> => {
    const writer = fork(join(import.meta.dirname, 'store-child.ts'), [place, ...args], { execArgv: [] });
    const acknowledged: string[] = [];
    writer.on('message', (uid: string) => {
      if (acknowledged.push(uid) === count) writer.kill('SIGKILL');
    });
    await once(writer, 'close');
    return acknowledged;
  };
  return {
    appendUntilKilled: (count, { run = false } = {}) => untilKilled([run ? 'run' : 'append'], count),
    killInBatch: async (count) => void (await untilKilled(['batch', String(count)], 1)),
  };
}

const anAction = fc.record({
  type: fc.constantFrom('add', 'add', 'move', 'remove'),
  at: fc.nat(),
  from: fc.nat(),
  count: fc.integer({ min: 1, max: 5 }),
});

function done(
  { type, at, from, count }: { type: string; at: number; from: number; count: number },
  model: readonly string[],
  newUid: () => string,
): { change: StoreChange; after: string[] } {
  const chosen = model.slice(from % (model.length + 1)).slice(0, count);
  if (type === 'remove') {
    return { change: { type, items: chosen.map(anItem) }, after: model.filter((uid) => !chosen.includes(uid)) };
  }
  const uids = type === 'move' ? chosen : Array.from({ length: count }, newUid);
  const rest = model.filter((uid) => !uids.includes(uid));
  const index = at % (rest.length + 1);
  const before = rest[index] === undefined ? null : anItem(rest[index]);
  const after = [...rest.slice(0, index), ...uids, ...rest.slice(index)];
  return { change: { type: type === 'move' ? 'move' : 'add', items: uids.map(anItem), before }, after };
}

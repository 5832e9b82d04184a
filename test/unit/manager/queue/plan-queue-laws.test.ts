import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanQueue } from '../../../../src/manager/queue/queue-interface.ts';
import { aPlan, aResult, QueueFixture, uidsIn } from './queue-fixture.ts';

/** How many steps in all; a sample runs with the other tests, 100,000 before a release. */
const STEPS = Number(process.env['BEAMGATE_QUEUE_STEPS'] ?? 2500);
const STEPS_A_RUN = 50;

/** A queue as one would think of it: three lists, each step the plainest that there is. */
class Naive {
  queue: string[] = [];
  running: string | null = null;
  history: string[] = [];

  shown(): object {
    return { queue: this.queue, running: this.running, history: this.history };
  }

  insertNextTo(uid: string, at: string, isBefore: boolean): void {
    this.queue.splice(this.queue.indexOf(at) + (isBefore ? 0 : 1), 0, uid);
  }

  moveNextTo(uid: string, at: string, isBefore: boolean): void {
    if (uid === at) return;
    this.queue.splice(this.queue.indexOf(uid), 1);
    this.insertNextTo(uid, at, isBefore);
  }

  /** One by one, each behind the one before it. */
  moveBatch(uids: string[], to: 'front' | 'back'): void {
    uids.forEach((uid, n) => {
      if (n > 0) this.moveNextTo(uid, uids[n - 1] as string, false);
      else this.moveNextTo(uid, this.queue.at(to === 'front' ? 0 : -1) as string, to === 'front');
    });
  }
}

interface Draw {
  readonly what: string;
  readonly a: number;
  readonly b: number;
  readonly isBefore: boolean;
}

/** Does the same to both; a step that has nothing to work on does nothing to either. */
async function step(
  { what, a, b, isBefore }: Draw,
  queue: PlanQueue,
  naive: Naive,
  newUid: () => string,
): Promise<void> {
  const [one, other] = [naive.queue[a % naive.queue.length], naive.queue[b % naive.queue.length]];
  const fresh = [newUid(), newUid(), newUid()].slice(0, 1 + (b % 3));
  const [first = ''] = fresh;
  switch (what) {
    case 'add':
      naive.queue.splice(a % (naive.queue.length + 1), 0, first);
      return void (await queue.add(aPlan(first), { pos: naive.queue.indexOf(first) }));
    case 'addNextTo':
      if (one === undefined) return;
      naive.insertNextTo(first, one, isBefore);
      return void (await queue.add(aPlan(first), isBefore ? { before_uid: one } : { after_uid: one }));
    case 'addBatch':
      naive.queue.splice(a % (naive.queue.length + 1), 0, ...fresh);
      return void (await queue.addBatch(
        fresh.map((uid) => aPlan(uid)),
        { pos: naive.queue.indexOf(first) },
      ));
    case 'remove':
      if (one === undefined) return;
      naive.queue.splice(naive.queue.indexOf(one), 1);
      return void (await queue.remove({ uid: one }));
    case 'move':
      if (one === undefined || other === undefined) return;
      naive.queue.splice(naive.queue.indexOf(one), 1);
      naive.queue.splice(b % (naive.queue.length + 1), 0, one);
      return void (await queue.move({ uid: one, pos_dest: naive.queue.indexOf(one) }));
    case 'moveNextTo':
      if (one === undefined || other === undefined) return;
      naive.moveNextTo(one, other, isBefore);
      return void (await queue.move({ uid: one, ...(isBefore ? { before_uid: other } : { after_uid: other }) }));
    case 'moveBatch': {
      const uids = naive.queue.filter((_, n) => (n * (a % 7)) % 3 === 1).toReversed();
      naive.moveBatch(uids, isBefore ? 'front' : 'back');
      return void (await queue.moveBatch({ uids, pos_dest: isBefore ? 'front' : 'back' }));
    }
    case 'take':
      if (naive.running !== null) return;
      naive.running = naive.queue.shift() ?? null;
      return void (await queue.takeNext(1));
    case 'finish':
      if (naive.running === null) return;
      naive.history.push(naive.running);
      naive.running = null;
      await queue.finish(aResult(isBefore ? 'completed' : 'failed'), null);
      if (!isBefore) naive.queue.unshift(queue.get({ pos: 'front' }).uid);
      return;
  }
}

const names = ['add', 'addNextTo', 'addBatch', 'remove', 'move', 'moveNextTo', 'moveBatch', 'take', 'finish'];
const aDraw = fc.record({ what: fc.constantFrom(...names), a: fc.nat(), b: fc.nat(), isBefore: fc.boolean() });

const shown = (queue: PlanQueue) => ({
  queue: uidsIn(queue.queueText()),
  running: queue.running?.uid ?? null,
  history: uidsIn(queue.historyText()),
});

test(
  'a queue is what a plain list would be, step by step, and in the store as in memory',
  { timeout: 60_000 + 10 * STEPS },
  async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aDraw, { minLength: 20, maxLength: 80, size: 'max' }), async (draws) => {
        await using fixture = await QueueFixture.open();
        const { queue } = fixture;
        const naive = new Naive();
        let next = 0;
        done += draws.length;
        for (const draw of draws) {
          await step(draw, queue, naive, () => `item-${next++}`);
          expect(shown(queue)).toEqual(naive.shown());
        }
        expect(shown(await fixture.reopen())).toEqual(naive.shown());
      }),
      { numRuns: Math.ceil(STEPS / STEPS_A_RUN) },
    );
    expect(done).toBeGreaterThan(0.8 * STEPS);
  },
);

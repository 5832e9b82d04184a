import { expect, test } from 'vitest';
import { EventLog } from '../../../../src/manager/events/event-log.ts';
import { EventWaiters } from '../../../../src/manager/events/event-waiters.ts';
import type { NumberedEvent, StoreEvent } from '../../../../src/manager/store/store.ts';
import { aPlan, QueueFixture } from '../queue/queue-fixture.ts';

const anEvent: StoreEvent = { kind: 'item_moved', at: 1 };
const noListenerFails = (error: unknown): void => {
  throw error;
};
const kindsOf = (events: readonly NumberedEvent[]): string[] => events.map(({ number, kind }) => `${number} ${kind}`);

test('what is done to the queue is told in order, one number after the other', async () => {
  await using fixture = await QueueFixture.open();
  const { queue } = fixture;
  await queue.add(aPlan('a'), {});
  await queue.addBatch([aPlan('b'), aPlan('c')], {});
  await queue.takeNext(10);
  await queue.clear();

  const events = await queue.events.after(0, 100);

  expect(kindsOf(events)).toEqual([
    '1 item_added',
    '2 item_added',
    '3 item_added',
    '4 item_started',
    '5 queue_cleared',
  ]);
});

test('what is in the log stands in the store, also for the next manager', async () => {
  await using fixture = await QueueFixture.open();
  await fixture.queue.add(aPlan('a'), {});
  await fixture.queue.record({ kind: 'environment_opening' });

  const queue = await fixture.reopen();

  expect(queue.events.last).toBe(2);
  expect(await queue.events.after(0, 100)).toEqual(await fixture.store.eventsAfter(0, 100));
  await queue.add(aPlan('b'), {});
  expect(kindsOf(await queue.events.after(1, 100))).toEqual(['2 environment_opening', '3 item_added']);
});

test('a page holds as many as were asked for, and the next one goes on behind it', async () => {
  const log = new EventLog({ eventsAfter: async () => [] }, 0, noListenerFails);
  log.append([anEvent, anEvent, anEvent]);
  expect((await log.after(0, 2)).map(({ number }) => number)).toEqual([1, 2]);
  expect((await log.after(2, 2)).map(({ number }) => number)).toEqual([3]);
  expect(await log.after(3, 2)).toEqual([]);
});

test('a number whose followers are not all kept is refused, with where the log begins', async () => {
  const kept: NumberedEvent[] = [{ ...anEvent, number: 501 }];
  const log = new EventLog({ eventsAfter: async () => kept }, 501, noListenerFails);
  await expect(log.after(499, 10)).rejects.toMatchObject({
    code: 'EVENTS_GONE',
    message: expect.stringContaining('the oldest is 501, the newest 501'),
  });
  expect(await log.after(500, 10)).toEqual(kept);
});

test('a number that has not happened is refused: it was read from another log', async () => {
  const log = new EventLog({ eventsAfter: async () => [] }, 7, noListenerFails);
  await expect(log.after(8, 10)).rejects.toMatchObject({ code: 'EVENT_AHEAD' });
});

test('ten thousand of the newest are answered without asking the store', async () => {
  let asked = 0;
  const log = new EventLog({ eventsAfter: async () => (asked++, []) }, 0, noListenerFails);
  for (let n = 0; n < 250; n++) log.append(Array.from({ length: 100 }, () => anEvent));
  expect((await log.after(15_000, 1))[0]?.number).toBe(15_001);
  expect(asked).toBe(0);
});

test('who waits is answered by the next event', async () => {
  const log = new EventLog({ eventsAfter: async () => [] }, 0, noListenerFails);
  const waiters = new EventWaiters(log);
  const waiting = waiters.until(0, 60_000);
  log.append([anEvent]);
  await waiting;
  await waiters.until(0, 60_000); // there is one already
});

test('who waits for nothing is answered when the time is over, and when the manager ends', async () => {
  const log = new EventLog({ eventsAfter: async () => [] }, 0, noListenerFails);
  const waiters = new EventWaiters(log);
  await waiters.until(0, 1);
  const waiting = waiters.until(0, 60_000);
  waiters.close();
  await waiting;
});

test('so many may wait, and no more', async () => {
  const log = new EventLog({ eventsAfter: async () => [] }, 0, noListenerFails);
  const waiters = new EventWaiters(log, 2);
  const waiting = [waiters.until(0, 60_000), waiters.until(0, 60_000)];
  await expect(waiters.until(0, 60_000)).rejects.toMatchObject({ code: 'TOO_MANY_WAITERS' });
  log.append([anEvent]);
  await Promise.all(waiting);
  const another = waiters.until(1, 60_000);
  log.append([anEvent]);
  await another;
});

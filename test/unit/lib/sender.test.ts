import { expect, test } from 'vitest';
import { Sender } from '../../../src/lib/sender.ts';

test('messages are sent one at a time, in order, and one that fails stops none of the others', async () => {
  const sent: number[] = [];
  let underWay = 0;
  const sender = new Sender<number>(async (message) => {
    expect(++underWay).toBe(1);
    await Promise.resolve();
    underWay -= 1;
    if (message === 2) throw new Error('closed');
    sent.push(message);
  }, 10);

  for (const message of [1, 2, 3]) sender.offer(message);
  await sender.sent();
  sender.offer(4);
  await sender.sent();

  expect(sent).toEqual([1, 3, 4]);
});

test('beyond the bound the oldest that waits goes', async () => {
  const sent: number[] = [];
  const first = Promise.withResolvers<void>();
  const sender = new Sender<number>(async (message) => {
    if (message === 0) await first.promise;
    sent.push(message);
  }, 2);

  for (let message = 0; message < 5; message++) sender.offer(message);
  first.resolve();
  await sender.sent();

  expect(sent).toEqual([0, 3, 4]);
});

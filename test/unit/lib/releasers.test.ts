import { expect, test } from 'vitest';
import { Releasers } from '../../../src/lib/releasers.ts';

test('what was acquired last is released first', async () => {
  const order: string[] = [];
  const releasers = new Releasers();
  releasers.add(() => order.push('socket'));
  releasers.add(() => order.push('timer'));

  await releasers.release();

  expect(order).toEqual(['timer', 'socket']);
});

test('a release that fails stops none of the others, and is told', async () => {
  const order: string[] = [];
  const releasers = new Releasers();
  releasers.add(() => order.push('first'));
  releasers.add(() => Promise.reject(new Error('second is stuck')));

  await expect(releasers.release()).rejects.toThrow('second is stuck');
  expect(order).toEqual(['first']);
});

test('several failures are one AggregateError', async () => {
  const releasers = new Releasers();
  releasers.add(() => Promise.reject(new Error('a')));
  releasers.add(() => Promise.reject(new Error('b')));
  await expect(releasers.release()).rejects.toBeInstanceOf(AggregateError);
});

test('releasing twice gives the same promise', () => {
  const releasers = new Releasers();
  expect(releasers.release()).toBe(releasers.release());
});

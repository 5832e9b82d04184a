import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { AnswersByKey } from '../../../src/routes/answers-by-key.ts';

/** As much of a request as is looked at. */
const request = (key: string, name = 'ann') =>
  ({
    headers: { 'idempotency-key': key },
    principal: { name },
    routeOptions: { url: '/x' },
  }) as unknown as FastifyRequest;
const about = { params: '{}', waitMs: 1000, isAway: false };

function counting(answer = '{"success":true,"msg":""}') {
  let count = 0;
  const ask = () => {
    count++;
    return Promise.resolve(Buffer.from(answer));
  };
  return { ask, count: () => count };
}

test('keys of one person are not those of another', async () => {
  const answers = new AnswersByKey();
  const manager = counting();
  await answers.answerTo(request('k', 'ann'), about, manager.ask);
  await answers.answerTo(request('k', 'bob'), about, manager.ask);
  expect(manager.count()).toBe(2);
});

test('of too many keys the oldest is forgotten, the newest is not', async () => {
  const answers = new AnswersByKey({ keys: 2, bytes: 1e6, ageMs: 1e6 });
  const manager = counting();
  for (const key of ['a', 'b', 'c']) await answers.answerTo(request(key), about, manager.ask);
  await answers.answerTo(request('c'), about, manager.ask);
  expect(manager.count()).toBe(3);
  await answers.answerTo(request('a'), about, manager.ask);
  expect(manager.count()).toBe(4);
});

test('answers that hold too much are forgotten', async () => {
  const answers = new AnswersByKey({ keys: 10, bytes: 100, ageMs: 1e6 });
  const manager = counting(`{"success":true,"msg":"${'x'.repeat(200)}"}`);
  await answers.answerTo(request('a'), about, manager.ask);
  await answers.answerTo(request('a'), about, manager.ask);
  expect(manager.count()).toBe(2);
});

test('a key stands for nothing when the manager was away', async () => {
  const answers = new AnswersByKey();
  const manager = counting();
  await answers
    .answerTo(request('a'), { ...about, isAway: true }, () => Promise.reject(new Error('away')))
    .catch(() => 0);
  await answers.answerTo(request('a'), about, manager.ask);
  expect(manager.count()).toBe(1);
});

test('an answer that does not say whether it was refused is kept', async () => {
  const answers = new AnswersByKey();
  const manager = counting('{"qsize":1}');
  await answers.answerTo(request('a'), about, manager.ask);
  await answers.answerTo(request('a'), about, manager.ask);
  expect(manager.count()).toBe(1);
});

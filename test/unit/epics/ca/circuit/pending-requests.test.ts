import { expect, test } from 'vitest';
import { PendingRequests } from '../../../../../src/epics/ca/circuit/pending-requests.ts';
import { CaDisconnectedError, CaTimeoutError } from '../../../../../src/epics/ca/errors.ts';
import { Ids } from '../../../../../src/epics/ca/ids.ts';

const owner = {};
const aReply = { command: 15, type: 6, count: 1, p1: 1, p2: 0, payload: Buffer.alloc(8) };
const terms = { what: 'get X', owners: [owner], timeout: Infinity };

test('a request ends with the answer that has its id, and is forgotten', async () => {
  const pending = new PendingRequests(new Ids(7));
  const ids: number[] = [];
  const first = pending.start(terms, (id) => ids.push(id));
  const second = pending.start(terms, (id) => ids.push(id));
  pending.answer(8, { ...aReply, type: 20 });
  pending.answer(7, aReply);
  expect(await first).toMatchObject({ type: 6 });
  expect(await second).toMatchObject({ type: 20 });
  expect(ids).toEqual([7, 8]);
  expect(pending.size).toBe(0);
  pending.answer(7, aReply); // late: nobody is there
});

test('a request without an answer in time is rejected and leaves nothing', async () => {
  const pending = new PendingRequests(new Ids(0));
  const late = pending.start({ ...terms, timeout: 0.01 }, () => undefined);
  await expect(late).rejects.toThrow(new CaTimeoutError('get X: no answer in 0.01 s'));
  expect(pending.size).toBe(0);
});

test('a time beyond what a timer can hold is no time at all, not none left', async () => {
  const pending = new PendingRequests(new Ids(0));
  const waiting = pending.start({ ...terms, timeout: 1e8 }, () => undefined);
  await new Promise((resolve) => setTimeout(resolve, 5));
  pending.answer(0, aReply);
  await waiting;
});

test('a request can be aborted before and while it waits', async () => {
  const pending = new PendingRequests(new Ids(0));
  const controller = new AbortController();
  const waiting = pending.start({ ...terms, signal: controller.signal }, () => undefined);
  controller.abort(new Error('the plan was halted'));
  await expect(waiting).rejects.toThrow('the plan was halted');
  const sent: number[] = [];
  const tooLate = pending.start({ ...terms, signal: controller.signal }, (id) => sent.push(id));
  await expect(tooLate).rejects.toThrow('the plan was halted');
  expect(sent).toEqual([]);
  expect(pending.size).toBe(0);
});

test('the requests of one owner end without those of another', async () => {
  const pending = new PendingRequests(new Ids(0));
  const lost = pending.start(terms, () => undefined);
  const kept = pending.start({ ...terms, owners: [{}] }, () => undefined);
  pending.failAllOf(owner, (what) => new CaDisconnectedError(`${what}: closed`));
  await expect(lost).rejects.toThrow('get X: closed');
  pending.answer(1, aReply);
  await kept;
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseDatagram } from '../../../../../src/epics/ca/codec/parser.ts';
import { Search } from '../../../../../src/epics/ca/search/search.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const aSearch = (maxPauseMs = 300_000) => {
  const datagrams: { at: number; cids: number[] }[] = [];
  const start = performance.now();
  const send = (batch: readonly Buffer[]): void => {
    const cids = parseDatagram(Buffer.concat(batch)).map(({ p1 }) => p1);
    datagrams.push({ at: performance.now() - start, cids });
  };
  return { search: new Search({ maxPauseMs, send }), datagrams };
};

test('a name that nobody serves is asked for ever more rarely: at most 12 times in its first minute', () => {
  const { search, datagrams } = aSearch();
  search.add({ cid: 1, name: 'nobody' });
  vi.advanceTimersByTime(1000);
  expect(datagrams.length).toBeLessThanOrEqual(6);
  vi.advanceTimersByTime(59_000);
  expect(datagrams.length).toBeGreaterThanOrEqual(10);
  expect(datagrams.length).toBeLessThanOrEqual(12);
  search.close();
});

test('the pause never exceeds the longest that is set', () => {
  const { search, datagrams } = aSearch(1000);
  search.add({ cid: 1, name: 'nobody' });
  vi.advanceTimersByTime(60_000);
  const pauses = datagrams.slice(1).map(({ at }, index) => at - (datagrams[index]?.at ?? 0));
  expect(Math.max(...pauses)).toBeLessThanOrEqual(1200);
  expect(datagrams.length).toBeGreaterThan(50);
  search.close();
});

test('names that are due together share datagrams of at most 1,024 bytes, in bursts that leave the servers time', () => {
  const { search, datagrams } = aSearch();
  for (let cid = 0; cid < 10_000; cid++) search.add({ cid, name: `BGDEMO:channel:${cid}` });
  vi.advanceTimersByTime(14);
  expect(datagrams.flatMap(({ cids }) => cids)).toHaveLength(2000);
  expect(Math.max(...datagrams.map(({ cids }) => cids.length))).toBeGreaterThan(20);
  vi.advanceTimersByTime(100);
  expect(new Set(datagrams.flatMap(({ cids }) => cids)).size).toBe(10_000);
  search.close();
});

test('a name that is no longer sought is not asked for, and leaves no timer', () => {
  const { search, datagrams } = aSearch();
  search.add({ cid: 1, name: 'found' });
  vi.advanceTimersByTime(1);
  expect(search.remove(1)).toBe(1);
  expect(search.remove(1)).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(datagrams).toHaveLength(1);
});

test('news of a server brings on everything that is sought, whatever its back-off', () => {
  const { search, datagrams } = aSearch();
  search.add({ cid: 1, name: 'late' });
  search.add({ cid: 2, name: 'later' }, { delayMs: 50_000 });
  vi.advanceTimersByTime(40_000);
  datagrams.length = 0;
  search.soon();
  vi.advanceTimersByTime(20);
  expect(datagrams.map(({ cids }) => cids.toSorted((a, b) => a - b))).toEqual([[1, 2]]);
  search.close();
});

test('a delayed search does not go out before its time', () => {
  const { search, datagrams } = aSearch();
  search.add({ cid: 1, name: 'refused' }, { delayMs: 5000 });
  vi.advanceTimersByTime(4900);
  expect(datagrams).toHaveLength(0);
  vi.advanceTimersByTime(200);
  expect(datagrams.length).toBeGreaterThan(0);
  search.close();
});

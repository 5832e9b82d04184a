import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Liveness } from '../../../../../src/epics/ca/circuit/liveness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const aLiveness = (timeoutMs: number) => {
  const told: string[] = [];
  const start = performance.now();
  const note = (word: string) => () => void told.push(`${word} ${Math.round((performance.now() - start) / 100) / 10}`);
  const liveness = new Liveness({
    timeoutMs,
    askForEcho: note('echo'),
    becameUnresponsive: note('unresponsive'),
    becameResponsive: note('responsive'),
    gaveUp: note('gave up'),
  });
  liveness.start();
  return { liveness, told };
};

test('silence: an echo after CONN_TMO, unresponsive a sixth later, given up CONN_TMO after the echo', () => {
  const { told } = aLiveness(30_000);
  vi.advanceTimersByTime(100_000);
  expect(told).toEqual(['echo 30', 'unresponsive 35', 'gave up 60']);
  expect(vi.getTimerCount()).toBe(0);
});

test('the answer to an echo has a second at least', () => {
  const { told } = aLiveness(2000);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['echo 2', 'unresponsive 3', 'gave up 4']);
});

test('a server that talks is never asked', () => {
  const { liveness, told } = aLiveness(2000);
  for (let second = 0; second < 60; second++) {
    vi.advanceTimersByTime(1000);
    liveness.heard();
  }
  expect(told).toEqual([]);
  liveness.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a byte after the echo makes the server responsive again, and the clock starts anew', () => {
  const { liveness, told } = aLiveness(2000);
  vi.advanceTimersByTime(3500);
  liveness.heard();
  vi.advanceTimersByTime(4100);
  expect(told).toEqual(['echo 2', 'unresponsive 3', 'responsive 3.5', 'echo 5.5', 'unresponsive 6.5', 'gave up 7.5']);
});

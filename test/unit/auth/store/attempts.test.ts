import { expect, test } from 'vitest';
import { AttemptCounts } from '../../../../src/auth/store/attempts.ts';

test('a count ends so long after its first attempt, whatever came since', () => {
  let now = 0;
  const counts = new AttemptCounts(() => now);
  expect(counts.count('bob', 60)).toBe(1);
  now = 59;
  expect(counts.count('bob', 60)).toBe(2);
  now = 60;
  expect(counts.count('bob', 60)).toBe(1);
});

test('a flood of names makes the oldest forgotten, so that memory stays bounded', () => {
  const counts = new AttemptCounts(() => 0);
  counts.count('first', 60);
  for (let n = 0; n < 100_000; n++) counts.count(`name ${n}`, 60);
  expect(counts.count('first', 60)).toBe(1);
  expect(counts.count('name 99999', 60)).toBe(2);
});

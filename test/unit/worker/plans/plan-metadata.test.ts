import { expect, test } from 'vitest';
import { namesOf } from '../../../../src/worker/plans/plan-metadata.ts';
import type { Device } from '../../../../src/worker/plans/device-family.ts';

test('a name that stands for no device is refused before a run opens, in the words that clients know', () => {
  // A name that a user may not use reaches the plan as it was sent, whatever the plan declares.
  const sent = ['det2', 5].map((value) => value as unknown as Device);
  expect(() => namesOf(sent)).toThrow("'str' object has no attribute 'name'");
  expect(() => namesOf(sent.slice(1))).toThrow("'int' object has no attribute 'name'");
});

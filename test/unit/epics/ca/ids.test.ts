import { expect, test } from 'vitest';
import { Ids } from '../../../../src/epics/ca/ids.ts';

test('ids wrap around at 32 bits and pass over those in use', () => {
  const ids = new Ids(2 ** 32 - 2);
  const used = new Set([0, 1]);
  const taken = [ids.next(used), ids.next(used), ids.next(used), ids.next(used)];
  expect(taken).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 2, 3]);
});

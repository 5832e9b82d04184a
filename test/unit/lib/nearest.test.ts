import { expect, test } from 'vitest';
import { nearest } from '../../../src/lib/nearest.ts';

test.each([
  ['zmq_contol_addr', 'zmq_control_addr'], // left out
  ['redis_adddr', 'redis_addr'], // added
  ['redis-addr', 'redis_addr'], // changed
  ['reids_addr', 'redis_addr'], // swapped
  ['netwrok', 'network'],
])('%s was meant as %s', (written, meant) => {
  expect(nearest(written, ['network', 'redis_addr', 'redis_name_prefix', 'zmq_control_addr'])).toBe(meant);
});

test('a word like none of the others is left alone', () => {
  expect(nearest('banana', ['network', 'redis_addr'])).toBeUndefined();
});

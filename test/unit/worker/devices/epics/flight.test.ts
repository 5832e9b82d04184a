import { expect, test } from 'vitest';
import { flight } from '../../../../../src/worker/devices/epics/motor/flight.ts';

const motor = { motor: 'm1', max: 5, base: 0.1, accelerationTime: 0.5, velocityBefore: 1 };

test('a flight begins far enough before its start and ends far enough behind its end to be at velocity between', () => {
  expect(flight({ start: 0, end: 10, time: 5 }, motor)).toEqual({
    velocity: 2,
    runUpStart: -0.5,
    runDownEnd: 10.5,
    velocityBefore: 1,
  });
  expect(flight({ start: 10, end: 0, time: 5 }, motor)).toMatchObject({ runUpStart: 10.5, runDownEnd: -0.5 });
});

test.each([
  [{ start: 0, end: 10, time: 1 }, 'm1 must not fly faster than 5 (VMAX), received 10'],
  [{ start: 0, end: 0.1, time: 10 }, 'm1 must not fly slower than 0.1 (VBAS)'],
  [{ start: 0, end: 1, time: 0 }, 'must be more than 0 s, received 0'],
  [{ start: 1, end: 1, time: 1 }, 'must end elsewhere'],
])('a flight %j that the motor cannot do is refused with the reason', (wanted, reason) => {
  expect(() => flight(wanted, motor)).toThrow(reason);
});

test('a record without VMAX sets no limit', () => {
  expect(flight({ start: 0, end: 10, time: 1 }, { ...motor, max: 0 }).velocity).toBe(10);
});

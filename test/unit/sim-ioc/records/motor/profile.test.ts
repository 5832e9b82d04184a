import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { braking, motionTo } from '../../../../../src/sim-ioc/records/motor/profile.ts';

const place = fc.double({ min: -100, max: 100, noNaN: true });
const speed = fc.record({
  velocity: fc.double({ min: 0.01, max: 50, noNaN: true }),
  acceleration: fc.double({ min: 0, max: 2, noNaN: true }),
});

test('a motion from rest takes its way over its velocity, and once more the time to speed up', () => {
  const profile = motionTo(1, { position: 0, velocity: 0 }, { velocity: 2, acceleration: 0.2 });
  expect(profile.duration).toBeCloseTo(0.7, 9);
  expect(profile.positionAt(0.35)).toBeCloseTo(0.5, 9);
  expect(profile.velocityAt(0.35)).toBeCloseTo(2, 9);
});

test('a way too short for full speed is half speeding up and half slowing down', () => {
  const profile = motionTo(-0.1, { position: 0, velocity: 0 }, { velocity: 2, acceleration: 0.2 });
  expect(profile.duration).toBeCloseTo(0.2, 9);
  expect(profile.velocityAt(0.1)).toBeCloseTo(-1, 9);
});

test('every motion ends at its target, at rest, and never exceeds its speed nor jumps on the way', () => {
  fc.assert(
    fc.property(place, place, fc.double({ min: -1, max: 1, noNaN: true }), speed, (from, to, share, limit) => {
      const velocity = share * limit.velocity;
      const profile = motionTo(to, { position: from, velocity }, limit);
      expect(profile.positionAt(0)).toBeCloseTo(from, 6);
      expect(profile.positionAt(profile.duration)).toBe(to);
      expect(profile.velocityAt(profile.duration)).toBe(0);
      const step = profile.duration / 50;
      for (let time = 0; time < profile.duration; time += step || 1) {
        expect(Math.abs(profile.velocityAt(time))).toBeLessThanOrEqual(limit.velocity * (1 + 1e-6));
        const way = Math.abs(profile.positionAt(time + step) - profile.positionAt(time));
        expect(way).toBeLessThanOrEqual(limit.velocity * step * (1 + 1e-6) + 1e-6);
      }
    }),
  );
});

test('braking goes on in its direction, as long as speeding up took', () => {
  const profile = braking({ position: 1, velocity: -2 }, { velocity: 2, acceleration: 0.3 });
  expect(profile.duration).toBeCloseTo(0.3, 9);
  expect(profile.end).toBeCloseTo(0.7, 9);
});

import { isDeepStrictEqual } from 'node:util';
import type { Readings } from '../../devices/protocols.ts';
import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import type { Device } from '../device-family.ts';
import { shortName } from './group-name.ts';
import { triggerAndRead } from './reading.ts';

/** How an event is taken at a point: `triggerAndRead`, or something that does more. */
export type TakeReading = (devices: readonly Device[]) => Plan<Readings>;

/** Where each motor is to be at a point. */
export type Step = ReadonlyMap<Device, unknown>;

/** Takes one event without moving anything. */
export function* oneShot(detectors: readonly Device[], takeReading: TakeReading = triggerAndRead): Plan<void> {
  yield msg('checkpoint');
  yield* takeReading(detectors);
}

/** Moves one motor, and takes one event. */
export function* one1dStep(
  detectors: readonly Device[],
  motor: Device,
  position: unknown,
  takeReading: TakeReading = triggerAndRead,
): Plan<Readings> {
  const group = shortName('set');
  yield msg('checkpoint');
  yield msg('set', motor, [position], { group });
  yield msg('wait', null, [], { group });
  return yield* takeReading([...detectors, motor]);
}

/** Moves the motors whose position changes; `lastPositions` remembers, from step to step, where they were sent. */
export function* movePerStep(step: Step, lastPositions: Map<Device, unknown>): Plan<void> {
  const group = shortName('set');
  yield msg('checkpoint');
  for (const [motor, position] of step) {
    if (isSamePosition(lastPositions.get(motor), position)) continue;
    yield msg('set', motor, [position], { group });
    lastPositions.set(motor, position);
  }
  yield msg('wait', null, [], { group });
}

/** Moves to a point, and takes one event of detectors and motors. */
export function* oneNdStep(
  detectors: readonly Device[],
  step: Step,
  lastPositions: Map<Device, unknown>,
  takeReading: TakeReading = triggerAndRead,
): Plan<void> {
  yield* movePerStep(step, lastPositions);
  yield* takeReading([...detectors, ...step.keys()]);
}

/** Positions of pseudo positioners are objects; `===` comes first because 0 and -0 are the same place. */
const isSamePosition = (last: unknown, next: unknown): boolean => last === next || isDeepStrictEqual(last, next);

import { MotorLimitError } from './arrival.ts';

/** A motion through `start` to `end` at constant velocity, with what it takes to get there and to slow down. */
export interface FlightPlan {
  readonly velocity: number;
  readonly runUpStart: number;
  readonly runDownEnd: number;
  readonly velocityBefore: number;
}

interface Motor {
  readonly motor: string;
  /** VMAX, 0 when the record sets none; VBAS; ACCL in seconds. */
  readonly max: number;
  readonly base: number;
  readonly accelerationTime: number;
  readonly velocityBefore: number;
}

/** @throws RangeError, MotorLimitError for a velocity that the motor does not have */
export function flight(
  { start, end, time }: { start: number; end: number; time: number },
  { motor, max, base, accelerationTime, velocityBefore }: Motor,
): FlightPlan {
  if (!(time > 0)) throw new RangeError(`${motor}: the time of a flight must be more than 0 s, received ${time}`);
  const velocity = Math.abs(end - start) / time;
  if (velocity === 0) throw new RangeError(`${motor}: a flight must end elsewhere than at its start ${start}`);
  if (max > 0 && velocity > max) {
    throw new MotorLimitError(`${motor} must not fly faster than ${max} (VMAX), received ${velocity}`);
  }
  if (velocity < base) {
    throw new MotorLimitError(`${motor} must not fly slower than ${base} (VBAS), received ${velocity}`);
  }
  // The velocity rises evenly over ACCL, so half of what it would cover at full velocity.
  const run = Math.sign(end - start) * 0.5 * velocity * accelerationTime;
  return { velocity, runUpStart: start - run, runDownEnd: end + run, velocityBefore };
}

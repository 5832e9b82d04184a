/** How a position goes from one place to another. Units of the axis, seconds. */
export interface Profile {
  /** Seconds until it stands still. */
  readonly duration: number;
  /** Where it stands still then. */
  readonly end: number;
  positionAt(seconds: number): number;
  velocityAt(seconds: number): number;
}

export interface Start {
  readonly position: number;
  readonly velocity: number;
}

export interface Speed {
  /** The most it reaches. */
  readonly velocity: number;
  /** Seconds that it takes to reach it from rest. */
  readonly acceleration: number;
}

interface Stretch {
  readonly seconds: number;
  readonly slope: number;
}

/** How much faster it gets each second; an axis that takes no time at all to speed up would have no profile. */
const slopeOf = ({ velocity, acceleration }: Speed): number =>
  Math.max(Math.abs(velocity), 1e-9) / Math.max(acceleration, 1e-3);

/**
 * From what it is doing now to rest at `target`, in the shortest time: speed up towards it, go on at full speed, slow
 * down. A motor that runs the other way, or cannot stop before the target, turns round; the velocity never jumps.
 */
export function motionTo(target: number, from: Start, speed: Speed): Profile {
  const slope = slopeOf(speed);
  const top = slope * Math.max(speed.acceleration, 1e-3);
  const whereItCouldStop = from.position + (from.velocity * Math.abs(from.velocity)) / (2 * slope);
  const sign = Math.sign(target - whereItCouldStop) || Math.sign(from.velocity) || 1;
  // From here on towards the target is positive.
  const way = sign * (target - from.position);
  const before = sign * from.velocity;
  const peak = Math.min(Math.sqrt(Math.max(0, slope * way + (before * before) / 2)), top);
  const change = Math.abs(peak - before) / slope;
  const left = way - ((peak + before) / 2) * change - (peak * peak) / (2 * slope);
  return profileOf(
    from,
    [
      { seconds: change, slope: sign * slope * Math.sign(peak - before) },
      { seconds: peak > 0 ? Math.max(0, left / peak) : 0, slope: 0 },
      { seconds: peak / slope, slope: -sign * slope },
    ],
    target,
  );
}

/** Slows down as fast as it speeds up, to wherever that ends. */
export function braking(from: Start, speed: Speed): Profile {
  const slope = slopeOf(speed);
  const seconds = Math.abs(from.velocity) / slope;
  return profileOf(
    from,
    [{ seconds, slope: -Math.sign(from.velocity) * slope }],
    from.position + (from.velocity * seconds) / 2,
  );
}

function profileOf(from: Start, stretches: readonly Stretch[], end: number): Profile {
  const duration = stretches.reduce((sum, { seconds }) => sum + seconds, 0);
  const stateAt = (time: number): Start => {
    let { position, velocity } = from;
    let left = time;
    for (const { seconds, slope } of stretches) {
      const spent = Math.min(left, seconds);
      position += velocity * spent + (slope * spent * spent) / 2;
      velocity += slope * spent;
      left -= spent;
    }
    return { position, velocity };
  };
  return {
    duration,
    end,
    // What rounding leaves over is not left over at the end.
    positionAt: (time) => (time >= duration ? end : stateAt(time).position),
    velocityAt: (time) => (time >= duration ? 0 : stateAt(time).velocity),
  };
}

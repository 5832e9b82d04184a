/** How a position goes from one place to another. Units of the axis, seconds. */
export interface Profile {
  /** Seconds until it stands still. */
  readonly duration: number;
  positionAt(seconds: number): number;
  velocityAt(seconds: number): number;
}

/** Speeds up for `acceleration` seconds to `velocity`, goes on, and slows down; a short way never reaches full speed. */
export function trapezoid(from: number, to: number, velocity: number, acceleration: number): Profile {
  const way = Math.abs(to - from);
  const sign = Math.sign(to - from);
  const rampSeconds = Math.max(acceleration, 1e-3);
  const slope = velocity / rampSeconds;
  const ramp = Math.min(rampSeconds, Math.sqrt(way / slope));
  const top = slope * ramp;
  const cruise = top > 0 ? Math.max(0, (way - top * ramp) / top) : 0;
  const duration = 2 * ramp + cruise;
  const gone = (t: number): number => {
    if (t >= duration) return way;
    if (t < ramp) return (slope * t * t) / 2;
    if (t < ramp + cruise) return (top * ramp) / 2 + top * (t - ramp);
    const left = duration - t;
    return way - (slope * left * left) / 2;
  };
  const speed = (t: number): number => (t >= duration ? 0 : Math.min(top, slope * t, slope * (duration - t)));
  return {
    duration,
    positionAt: (t) => (t >= duration ? to : from + sign * gone(t)),
    velocityAt: (t) => sign * speed(t),
  };
}

/** Slows down from a speed to nothing. */
export function braking(from: number, velocity: number, seconds: number): Profile {
  const duration = velocity === 0 ? 0 : Math.max(seconds, 1e-3);
  const slope = duration === 0 ? 0 : velocity / duration;
  const at = (t: number): number => from + velocity * t - (slope * t * t) / 2;
  return {
    duration,
    positionAt: (t) => at(Math.min(t, duration)),
    velocityAt: (t) => (t >= duration ? 0 : velocity - slope * t),
  };
}

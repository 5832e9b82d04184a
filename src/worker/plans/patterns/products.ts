import type { Device } from '../device-family.ts';
import { linspace } from './spacing.ts';
import { Trajectory } from './trajectory.ts';

/** One motor between two positions. */
export interface Span {
  motor: Device;
  start: number;
  stop: number;
}

/** One motor of a grid: its positions, and whether it turns around instead of flying back. */
export interface Axis {
  motor: Device;
  positions: readonly unknown[];
  isSnaking: boolean;
}

/** Motors move together from their start to their stop in `num` points. */
export const innerProduct = (spans: readonly Span[], num: number): Trajectory =>
  new Trajectory(new Map(spans.map(({ motor, start, stop }) => [motor, linspace(start, stop, num)])));

/** Motors move together through lists of the same length. */
export const innerListProduct = (lists: readonly (readonly [Device, readonly unknown[]])[]): Trajectory =>
  new Trajectory(new Map(lists));

/** Each combination of positions, the first axis slowest. A snaking axis goes forth and back in turns. */
export function outerProduct(axes: readonly Axis[]): Trajectory {
  const total = axes.reduce((product, { positions }) => product * positions.length, 1);
  const columns = new Map<Device, unknown[]>();
  let stepsPerTurn = total;
  for (const { motor, positions, isSnaking } of axes) {
    const { length } = positions;
    stepsPerTurn /= length || 1;
    const stay = stepsPerTurn; // points for which this axis rests, while the faster ones run through
    const turn = isSnaking ? [...positions, ...positions.toReversed()] : positions;
    columns.set(
      motor,
      Array.from({ length: total }, (_, point) => turn[Math.floor(point / stay) % turn.length]),
    );
  }
  if (columns.size < axes.length) throw new TypeError('Can not compose overlapping cycles');
  return new Trajectory(columns);
}

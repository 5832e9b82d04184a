import type { Movable, Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { number, optional } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import type { SpiralArea } from './patterns/spirals.ts';
import type { Trajectory } from './patterns/trajectory.ts';
import type { PerStep } from './plan-parameters.ts';
import { xMotor, yMotor } from './plan-parameters.ts';
import { dimensionsOf, reprsOf } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { scanNd } from './scan-nd.ts';

/** Parameters that the round spirals share: the rectangle that they fill. */
export const rangeAround = {
  x_range: number('width of the rectangle'),
  y_range: number('height of the rectangle'),
} as const;

export const fullArea = {
  x_motor: xMotor,
  y_motor: yMotor,
  x_start: number('centre of the rectangle along x'),
  y_start: number('centre of the rectangle along y'),
  ...rangeAround,
} as const;

export const aspectAndTilt = {
  dr_y: { ...optional(number('distance along y, when it differs from that along x')), kind: 'KEYWORD_ONLY' },
  tilt: {
    ...number('angle of the rectangle, in radians', { default: 0, kind: 'KEYWORD_ONLY', annotation: 'float | None' }),
  },
} as const;

export interface SpiralArguments {
  detectors: readonly Readable[];
  x_motor: Movable;
  y_motor: Movable;
  x_start: number;
  y_start: number;
  x_range: number;
  y_range: number;
  dr: number;
  dr_y: number | null;
  tilt: number | null;
  per_step: PerStep | null;
  md: Metadata | null;
}

/** `own` is what a spiral has beside the rectangle, for the start document. */
export function playSpiral(
  name: string,
  given: SpiralArguments,
  own: Metadata,
  pattern: (area: SpiralArea) => Trajectory,
): Plan<string> {
  const { detectors, x_motor: x, y_motor: y, per_step: perStep, md, dr, dr_y: drY, tilt } = given;
  const { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange } = given;
  const rectangle = { x_start: xStart, y_start: yStart, x_range: xRange, y_range: yRange };
  const shown = { x_motor: repr(x), y_motor: repr(y), ...rectangle, dr, ...own, dr_y: drY, tilt };
  const metadata = {
    plan_args: { detectors: reprsOf(detectors), ...shown, per_step: repr(perStep) },
    extents: [
      [xStart - xRange, xStart + xRange],
      [yStart - yRange, yStart + yRange],
    ],
    plan_name: name,
    plan_pattern: name,
    plan_pattern_module: 'bluesky.plan_patterns',
    plan_pattern_args: shown,
    hints: dimensionsOf([x, y]),
    ...md,
  };
  const trajectory = pattern({ xMotor: x, yMotor: y, xStart, yStart, xRange, yRange, dr, drY, tilt });
  return scanNd({ detectors, cycler: trajectory, per_step: perStep, md: metadata });
}

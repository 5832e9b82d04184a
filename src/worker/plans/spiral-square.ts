import type { Movable, Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { number } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { squareSpiral } from './patterns/square-spiral.ts';
import { detectors, md, PLANS_MODULE, perStep, xMotor, yMotor } from './plan-parameters.ts';
import type { PerStep } from './plan-parameters.ts';
import { dimensionsOf, reprsOf, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { relative } from './relative.ts';
import { scanNd } from './scan-nd.ts';

const grid = {
  x_range: number('width of the rectangle'),
  y_range: number('height of the rectangle'),
  x_num: number('how many points along x'),
  y_num: number('how many points along y'),
  per_step: perStep,
  md,
} as const;

export const spiralSquare = definePlan(
  {
    name: 'spiral_square',
    description: 'Move two motors over a grid of points from its centre outwards.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      x_motor: xMotor,
      y_motor: yMotor,
      x_center: number('centre of the rectangle along x'),
      y_center: number('centre of the rectangle along y'),
      ...grid,
    },
  },
  play,
);

export const relSpiralSquare = definePlan(
  {
    name: 'rel_spiral_square',
    description: 'Like spiral_square, around where the motors are.',
    module: PLANS_MODULE,
    parameters: { detectors, x_motor: xMotor, y_motor: yMotor, ...grid },
  },
  ({ md, ...given }) =>
    relative(
      [given.x_motor, given.y_motor],
      play({ ...given, x_center: 0, y_center: 0, md: { plan_name: 'rel_spiral_square', ...md } }),
    ),
);

interface SpiralSquareArguments {
  detectors: readonly Readable[];
  x_motor: Movable;
  y_motor: Movable;
  x_center: number;
  y_center: number;
  x_range: number;
  y_range: number;
  x_num: number;
  y_num: number;
  per_step: PerStep | null;
  md: Metadata | null;
}

function play(given: SpiralSquareArguments): Plan<string> {
  const { detectors, x_motor: xMotor, y_motor: yMotor, per_step: perStep, md, ...numbers } = given;
  const { x_center: xCenter, y_center: yCenter, x_range: xRange, y_range: yRange, x_num: xNum, y_num: yNum } = numbers;
  const own = {
    plan_args: {
      detectors: reprsOf(detectors),
      x_motor: repr(xMotor),
      y_motor: repr(yMotor),
      ...numbers,
      per_step: repr(perStep),
    },
    plan_name: 'spiral_square',
    plan_pattern: 'spiral_square',
    shape: [yNum, xNum],
    extents: [
      [yCenter - yRange / 2, yCenter + yRange / 2],
      [xCenter - xRange / 2, xCenter + xRange / 2],
    ],
  };
  const hints = { gridding: 'rectilinear_nonsequential', ...dimensionsOf([yMotor, xMotor]) };
  const trajectory = squareSpiral({ xMotor, yMotor, xCenter, yCenter, xRange, yRange, xNum, yNum });
  return scanNd({ detectors, cycler: trajectory, per_step: perStep, md: withHints(own, md, hints) });
}

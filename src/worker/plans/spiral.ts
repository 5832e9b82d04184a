import { definePlan } from '../startup/define-plan.ts';
import { number, readables } from '../startup/parameters.ts';
import type { Plan } from '../run-engine/messages.ts';
import { spiral as spiralPattern } from './patterns/spirals.ts';
import { aspectAndTilt, fullArea, playSpiral, rangeAround } from './spiral-area.ts';
import type { SpiralArguments } from './spiral-area.ts';
import { md, PLANS_MODULE, perStep, xMotor, yMotor } from './plan-parameters.ts';
import { relative } from './relative.ts';

const spacing = {
  dr: number('distance between two rings along x'),
  nth: number('points of the first ring; each further ring has as many more'),
} as const;

export const spiral = definePlan(
  {
    name: 'spiral',
    description: 'Move two motors over a rectangle on a spiral of growing rings.',
    module: PLANS_MODULE,
    parameters: { detectors: readables(), ...fullArea, ...spacing, ...aspectAndTilt, per_step: perStep, md },
  },
  play,
);

export const relSpiral = definePlan(
  {
    name: 'rel_spiral',
    description: 'Like spiral, around where the motors are.',
    module: PLANS_MODULE,
    parameters: {
      detectors: readables(),
      x_motor: xMotor,
      y_motor: yMotor,
      ...rangeAround,
      ...spacing,
      ...aspectAndTilt,
      tilt: number('angle of the rectangle, in radians', { kind: 'KEYWORD_ONLY', default: 0 }),
      per_step: perStep,
      md,
    },
  },
  ({ md, ...given }) =>
    relative(
      [given.x_motor, given.y_motor],
      play({ ...given, x_start: 0, y_start: 0, md: { plan_name: 'rel_spiral', ...md } }),
    ),
);

function play(given: SpiralArguments & { nth: number }): Plan<string> {
  const { nth } = given;
  return playSpiral('spiral', given, { nth }, (area) => spiralPattern({ ...area, nth }));
}

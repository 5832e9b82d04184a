import { definePlan } from '../startup/define-plan.ts';
import { number } from '../startup/parameters.ts';
import type { Plan } from '../run-engine/messages.ts';
import { fermatSpiral } from './patterns/spirals.ts';
import { aspectAndTilt, fullArea, playSpiral, rangeAround } from './spiral-area.ts';
import type { SpiralArguments } from './spiral-area.ts';
import { detectors, md, PLANS_MODULE, perStep, xMotor, yMotor } from './plan-parameters.ts';
import { relative } from './relative.ts';

const spacing = {
  dr: number('distance between two points'),
  factor: number('divides the distance: a larger one gives more points'),
} as const;

export const spiralFermat = definePlan(
  {
    name: 'spiral_fermat',
    description: "Move two motors over a rectangle on Fermat's spiral, in points of equal density.",
    module: PLANS_MODULE,
    parameters: { detectors, ...fullArea, ...spacing, ...aspectAndTilt, per_step: perStep, md },
  },
  play,
);

export const relSpiralFermat = definePlan(
  {
    name: 'rel_spiral_fermat',
    description: 'Like spiral_fermat, around where the motors are.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      x_motor: xMotor,
      y_motor: yMotor,
      ...rangeAround,
      ...spacing,
      ...aspectAndTilt,
      per_step: perStep,
      md,
    },
  },
  ({ md, ...given }) =>
    relative(
      [given.x_motor, given.y_motor],
      play({ ...given, x_start: 0, y_start: 0, md: { plan_name: 'rel_spiral_fermat', ...md } }),
    ),
);

function play(given: SpiralArguments & { factor: number }): Plan<string> {
  const { factor } = given;
  return playSpiral('spiral_fermat', given, { factor }, (area) => fermatSpiral({ ...area, factor }));
}

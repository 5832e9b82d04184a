import { definePlan } from '../startup/define-plan.ts';
import { anyValue, readables } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import type { Plan } from '../run-engine/messages.ts';
import { separatedSteps } from './patterns/merged-axes.ts';
import type { Trajectory } from './patterns/trajectory.ts';
import { md, PLANS_MODULE, perStep } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, withHints } from './plan-metadata.ts';
import type { Device } from './device-family.ts';
import { oneNdStep } from './stubs/steps.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

export const scanNd = definePlan(
  {
    name: 'scan_nd',
    description: 'Move motors along a trajectory, and read detectors and motors at each point.',
    module: PLANS_MODULE,
    parameters: {
      detectors: readables(),
      cycler: anyValue<Trajectory>('where the motors go, point by point'),
      per_step: perStep,
      md,
    },
  },
  function* ({ detectors, cycler: trajectory, per_step: perStep, md }) {
    const start = withHints(
      {
        detectors: namesOf(detectors),
        motors: namesOf(trajectory.motors),
        num_points: trajectory.length,
        num_intervals: trajectory.length - 1,
        plan_args: { detectors: reprsOf(detectors), cycler: repr(trajectory), per_step: repr(perStep) },
        plan_name: 'scan_nd',
      },
      md,
      dimensionsOf(trajectory.motors),
    );
    const { motors, steps } = separatedSteps(trajectory);
    const lastPositions = new Map<Device, unknown>();
    const step = perStep ?? oneNdStep;

    function* walk(): Plan<void> {
      for (const point of steps) yield* step(detectors, point, lastPositions);
    }
    return yield* stageWrapper(runWrapper(walk(), start), [...detectors, ...motors]);
  },
);

import type { Movable, Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { anyValue, integer, movable, number } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { logspace } from './patterns/spacing.ts';
import { detectors, md, per1dStep, PLANS_MODULE } from './plan-parameters.ts';
import type { Per1dStep } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { relative } from './relative.ts';
import { one1dStep } from './stubs/steps.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

const parameters = {
  detectors,
  motor: movable('the motor that is moved'),
  start: number('exponent of ten of the first position'),
  stop: number('exponent of ten of the last position'),
  num: integer('how many points'),
  per_step: per1dStep,
} as const;

export const logScan = definePlan(
  {
    name: 'log_scan',
    description: 'Move a motor through positions that are evenly spaced in their logarithm.',
    module: PLANS_MODULE,
    parameters: {
      ...parameters,
      md: anyValue<Metadata | null, { kind: 'KEYWORD_ONLY'; default: null }>('what is added to the start document', {
        kind: 'KEYWORD_ONLY',
        default: null,
      }),
    },
  },
  playLogScan,
);

export const relLogScan = definePlan(
  {
    name: 'rel_log_scan',
    description: 'Like log_scan, around where the motor is.',
    module: PLANS_MODULE,
    parameters: { ...parameters, md },
  },
  ({ md, ...given }) => relative([given.motor], playLogScan({ ...given, md: { plan_name: 'rel_log_scan', ...md } })),
);

interface LogScanArguments {
  detectors: readonly Readable[];
  motor: Movable;
  start: number;
  stop: number;
  num: number;
  per_step: Per1dStep | null;
  md: Metadata | null;
}

function* playLogScan(given: LogScanArguments): Plan<string> {
  const { detectors, motor, start, stop, num, per_step: perStep, md } = given;
  const own = {
    detectors: namesOf(detectors),
    motors: [motor.name],
    num_points: num,
    num_intervals: num - 1,
    plan_args: { detectors: reprsOf(detectors), num, start, stop, motor: repr(motor), per_step: repr(perStep) },
    plan_name: 'log_scan',
    plan_pattern: 'logspace',
    plan_pattern_module: 'numpy',
    plan_pattern_args: { start, stop, num },
  };
  const step = perStep ?? one1dStep;

  function* walk(): Plan<void> {
    for (const position of logspace(start, stop, num)) yield* step(detectors, motor, position);
  }
  const run = runWrapper(walk(), withHints(own, md, dimensionsOf([motor])));
  return yield* stageWrapper(run, [...detectors, motor]);
}

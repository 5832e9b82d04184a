import type { Movable, Readable, Readings } from '../devices/protocols.ts';
import { msg } from '../run-engine/messages.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { flag, movable, number, text } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { separateDevices } from './device-family.ts';
import type { Device } from './device-family.ts';
import { detectors, md, PLANS_MODULE } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { relative } from './relative.ts';
import { mv } from './stubs/motion.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

const parameters = {
  detectors,
  target_field: text('the field whose change decides about the step'),
  motor: movable('the motor that is moved'),
  start: number('where it starts'),
  stop: number('where it stops'),
  min_step: number('the smallest step'),
  max_step: number('the largest step'),
  target_delta: number('how much the field should change from point to point'),
  backstep: flag('whether to go back when a step was far too large'),
  threshold: number('a step shorter than the last one by this factor makes it go back', {
    annotation: 'float | None',
    default: 0.8,
  }),
  md,
} as const;

export const adaptiveScan = definePlan(
  {
    name: 'adaptive_scan',
    description: 'Move a motor in steps that are small where a field changes fast, and large where it does not.',
    module: PLANS_MODULE,
    parameters,
  },
  playAdaptive,
);

export const relAdaptiveScan = definePlan(
  {
    name: 'rel_adaptive_scan',
    description: 'Like adaptive_scan, around where the motor is.',
    module: PLANS_MODULE,
    parameters,
  },
  ({ md, ...given }) =>
    relative([given.motor], playAdaptive({ ...given, md: { plan_name: 'rel_adaptive_scan', ...md } })),
);

interface AdaptiveArguments {
  detectors: readonly Readable[];
  target_field: string;
  motor: Movable;
  start: number;
  stop: number;
  min_step: number;
  max_step: number;
  target_delta: number;
  backstep: boolean;
  threshold: number;
  md: Metadata | null;
}

function* playAdaptive(given: AdaptiveArguments): Plan<string> {
  const { detectors, target_field: _field, motor, md, ...steps } = given;
  if (!(steps.min_step > 0 && steps.min_step < steps.max_step)) {
    throw new RangeError('min_step and max_step must meet condition of max_step > min_step > 0');
  }
  const own = {
    detectors: namesOf(detectors),
    motors: [motor.name],
    plan_args: { detectors: reprsOf(detectors), motor: repr(motor), ...steps },
    plan_name: 'adaptive_scan',
  };
  const run = runWrapper(walk(given), withHints(own, md, dimensionsOf([motor])));
  return yield* stageWrapper(run, [...detectors, motor]);
}

function* walk(given: AdaptiveArguments): Plan<void> {
  const { detectors, motor, start, stop, min_step: minStep, max_step: maxStep } = given;
  const devices = separateDevices<Device>([...detectors, motor]);
  const direction = stop >= start ? 1 : -1;
  let position = start;
  let step = (maxStep - minStep) / 2;
  let past: number | null = null;
  let current = 0;
  while (position * direction < stop * direction) {
    current = (yield* takePoint(given, devices, position)) ?? current;
    if (past === null) {
      past = current;
      position += step * direction;
      continue;
    }
    const slope = Math.abs(current - past) / step;
    const wanted = slope ? clipped(given.target_delta / slope, minStep, maxStep) : Math.min(step * 1.1, maxStep);
    if (given.backstep && wanted < step * given.threshold) {
      position -= step;
      step = wanted;
    } else {
      past = current;
      step = 0.2 * wanted + 0.8 * step; // smoothed, so that one odd point does not change it much
    }
    position += step * direction;
  }
}

/** One point. Returns the value of the field that decides, if it was read. */
function* takePoint(given: AdaptiveArguments, devices: readonly Device[], position: number): Plan<number | undefined> {
  yield msg('checkpoint');
  yield* mv([given.motor, position]);
  yield msg('create', null, [], { name: 'primary' });
  for (const detector of given.detectors) yield msg('trigger', detector, [], { group: 'B' });
  yield msg('wait', null, ['B']);
  let value: number | undefined;
  for (const device of devices) {
    const readings: Readings | null = yield msg('read', device);
    const reading = readings?.[given.target_field];
    if (reading) value = reading.value as number;
  }
  yield msg('save');
  return value;
}

const clipped = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

import type { Movable, Readable } from '../devices/protocols.ts';
import { msg } from '../run-engine/messages.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { flag, integer, movable, number, text } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { hintedFields } from './device-family.ts';
import { detectors, md, PLANS_MODULE } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, withHints } from './plan-metadata.ts';
import { mv } from './stubs/motion.ts';
import { triggerAndRead } from './stubs/reading.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

export const tuneCentroid = definePlan(
  {
    name: 'tune_centroid',
    description: 'Move a motor to the centroid of a peak, in passes that come ever closer to it.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      signal: text('the field that has the peak'),
      motor: movable('the motor that is moved'),
      start: number('where it starts'),
      stop: number('where it stops'),
      min_step: number('the step at which the peak is found well enough'),
      num: integer('how many points a pass has', { default: 10 }),
      step_factor: number('by how much each pass is shorter than the one before', { default: 3 }),
      snake: flag('whether each other pass goes back instead of starting over', { default: false }),
      md,
    },
  },
  function* ({ detectors, signal, motor, start, stop, min_step: minStep, num, step_factor: factor, snake, md }) {
    if (minStep <= 0) throw new RangeError('min_step must be positive');
    if (num < 2) throw new RangeError(`a pass needs two points or more, received num=${num}`);
    if (factor <= 1) throw new RangeError('step_factor must be greater than 1.0');
    const own = {
      detectors: namesOf(detectors),
      motors: [motor.name],
      plan_args: { detectors: reprsOf(detectors), motor: repr(motor), start, stop, num, min_step: minStep },
      plan_name: 'tune_centroid',
    };
    const tuning = tune({ detectors, signal, motor, start, stop, minStep, num, factor, snake });
    return yield* stageWrapper(runWrapper(tuning, withHints(own, md, dimensionsOf([motor]))), [...detectors, motor]);
  },
);

interface Tuning {
  detectors: readonly Readable[];
  signal: string;
  motor: Movable;
  start: number;
  stop: number;
  minStep: number;
  num: number;
  factor: number;
  snake: boolean;
}

function* tune(tuning: Tuning): Plan<void> {
  const { motor, minStep, num, factor, snake } = tuning;
  const low = Math.min(tuning.start, tuning.stop);
  const high = Math.max(tuning.start, tuning.stop);
  const within = (position: number): number => Math.min(Math.max(position, low), high);
  let { start, stop } = tuning;
  let peak: number | null = null;
  for (;;) {
    const step = (stop - start) / (num - 1);
    if (Math.abs(step) < minStep) break;
    const { sum, weighted } = yield* pass(tuning, start, stop);
    if (sum === 0) return; // nothing to weigh: there is no peak here
    peak = weighted / sum;
    const half = (stop - start) / factor / 2;
    [start, stop] = [within(peak - half), within(peak + half)];
    if (snake) [start, stop] = [stop, start];
  }
  if (peak !== null) yield* mv([motor, peak]);
}

/** One pass. Returns the sum of the values, and that of the values weighted by position. */
function* pass(tuning: Tuning, start: number, stop: number): Plan<{ sum: number; weighted: number }> {
  const { detectors, motor, signal, num } = tuning;
  const [field = motor.name] = hintedFields(motor);
  const step = (stop - start) / (num - 1);
  let sum = 0;
  let weighted = 0;
  for (let position = start; isBetween(position, start, stop); position += step) {
    yield msg('checkpoint');
    yield* mv([motor, position]);
    const readings = yield* triggerAndRead([...detectors, motor]);
    const value = readings[signal]?.value as number;
    sum += value;
    weighted += (readings[field]?.value as number) * value;
  }
  return { sum, weighted };
}

const isBetween = (value: number, one: number, other: number): boolean =>
  value >= Math.min(one, other) && value <= Math.max(one, other);

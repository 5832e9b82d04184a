import type { Movable, Readable, Readings } from '../devices/protocols.ts';
import { msg } from '../run-engine/messages.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { movable, number, readable, text } from '../startup/parameters.ts';
import { floatRepr, repr } from '../startup/python-repr.ts';
import { md, PLANS_MODULE } from './plan-parameters.ts';
import { dimensionsOf, withHints } from './plan-metadata.ts';
import { inputPlan } from './stubs/control.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

export const tweak = definePlan(
  {
    name: 'tweak',
    description: 'Move a motor step by step, with a person who sees each value and says how far to go next.',
    module: PLANS_MODULE,
    parameters: {
      detector: readable(),
      target_field: text('the field that the person is shown'),
      motor: movable(),
      step: number('the first step'),
      md,
    },
  },
  function* ({ detector, target_field: field, motor, step, md }) {
    const own = {
      detectors: [detector.name],
      motors: [motor.name],
      plan_args: { detector: repr(detector), target_field: field, motor: repr(motor), step },
      plan_name: 'tweak',
    };
    const run = runWrapper(tweaking(detector, field, motor, step), withHints(own, md, dimensionsOf([motor])));
    return yield* stageWrapper(run, [detector, motor]);
  },
);

/** Anything that is no number ends it; an empty answer repeats the last step. */
function* tweaking(detector: Readable, field: string, motor: Movable, firstStep: number): Plan<void> {
  for (let step = firstStep; ;) {
    yield msg('create', null, [], { name: 'primary' });
    const moved: Readings | null = yield msg('read', motor);
    const position = Object.values(moved ?? {})[0]?.value as number | undefined;
    if (position === undefined) return;
    yield msg('trigger', detector, [], { group: 'A' });
    yield msg('wait', null, ['A']);
    const readings: Readings = yield msg('read', detector);
    yield msg('save');
    const shown = `${short(position)}, ${short(readings[field]?.value as number)}`;
    const answer = yield* inputPlan(`${motor.name}, ${shown}, (${step}) `);
    if (answer) step = Number(answer);
    if (Number.isNaN(step)) return;
    yield msg('set', motor, [position + step], { group: 'A' });
    yield msg('wait', null, ['A']);
  }
}

const short = (value: number): string => floatRepr(Number(value.toPrecision(3)));

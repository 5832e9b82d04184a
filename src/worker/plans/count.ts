import type { Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { anyValue, metadata, parameter, readables } from '../startup/parameters.ts';
import { PLANS_MODULE } from './plan-parameters.ts';
import { namesOf, reprsOf, withHints } from './plan-metadata.ts';
import { repeat } from './stubs/repeating.ts';
import type { Delay } from './stubs/repeating.ts';
import { oneShot } from './stubs/steps.ts';
import { runWrapper } from './wrappers/run.ts';
import { stageWrapper } from './wrappers/staging.ts';

export type PerShot = (detectors: readonly Readable[]) => Plan;

export const count = definePlan(
  {
    name: 'count',
    description: 'Read detectors a number of times; nothing moves.',
    module: PLANS_MODULE,
    parameters: {
      detectors: readables('devices read at each shot'),
      num: parameter<number | null, { default: 1 }>(
        { schema: { type: ['integer', 'null'] }, annotation: 'int | None' },
        'how many shots; without end when null',
        { default: 1 },
      ),
      delay: parameter<Delay, { default: 0; defaultText: string }>(
        {
          schema: { anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' } }] },
          annotation: 'float | collections.abc.Iterable[float]',
        },
        'seconds from the start of one shot to the start of the next, or one for each gap',
        { default: 0, defaultText: '0.0' },
      ),
      per_shot: anyValue<PerShot | null, { kind: 'KEYWORD_ONLY'; default: null }>(
        'what is done at each shot; reading when left out',
        { kind: 'KEYWORD_ONLY', default: null },
      ),
      md: metadata('what is added to the start document'),
    },
  },
  function* ({ detectors, num, delay, per_shot: perShot, md }) {
    const start = withHints(
      {
        detectors: namesOf(detectors),
        num_points: num,
        num_intervals: num === null ? null : num - 1,
        plan_args: { detectors: reprsOf(detectors), num, delay },
        plan_name: 'count',
      },
      md,
      { dimensions: [[['time'], 'primary']] },
    );
    const shot = (): Plan => (perShot ?? oneShot)(detectors);
    return yield* stageWrapper(runWrapper(repeat(shot, num, delay), start), detectors);
  },
);

import type { Status } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { anyValue, flag, metadata, number, optional, readable } from '../startup/parameters.ts';
import { PLANS_MODULE } from './plan-parameters.ts';
import { sleep } from './stubs/waiting.ts';
import { monitorDuringWrapper } from './wrappers/during.ts';
import { runWrapper } from './wrappers/run.ts';

/** The ramp did not come to its end in time. */
export class RampFail extends Error {
  override readonly name = 'RampFail';
}

export const rampPlan = definePlan(
  {
    name: 'ramp_plan',
    description: 'Take data over and over while something else is on its way, and watch a signal meanwhile.',
    module: PLANS_MODULE,
    parameters: {
      go_plan: anyValue<Plan<Status>>('starts the ramp, and returns its status'),
      monitor_sig: readable('the signal that is watched'),
      inner_plan_func: anyValue<() => Plan>('takes data once'),
      take_pre_data: flag('whether to take data before the ramp as well', { default: true }),
      timeout: optional(number('seconds until the ramp must have ended')),
      period: optional(number('seconds from the start of one acquisition to the start of the next')),
      md: metadata(undefined, { kind: 'POSITIONAL_OR_KEYWORD' }),
    },
  },
  ({ monitor_sig: signal, md, ...ramp }) => {
    const run = runWrapper(polling(ramp), { plan_name: 'ramp_plan', ...md });
    return monitorDuringWrapper(run, [signal]);
  },
);

interface Ramp {
  go_plan: Plan<Status>;
  inner_plan_func: () => Plan;
  take_pre_data: boolean;
  timeout: number | null;
  period: number | null;
}

function* polling({
  go_plan: go,
  inner_plan_func: takeData,
  take_pre_data: before,
  timeout,
  period,
}: Ramp): Plan<void> {
  const failsAt = timeout === null ? Number.POSITIVE_INFINITY : now() + timeout;
  if (before) yield* takeData();
  const status = yield* go;
  while (!status.done) {
    const startedAt = now();
    yield* takeData();
    if (now() > failsAt) throw new RampFail(`The ramp did not end within ${timeout} s`);
    const remaining = period === null ? 0 : startedAt + period - now();
    if (remaining > 0) yield* sleep(remaining);
  }
  yield* takeData();
}

const now = (): number => Date.now() / 1000;

import { definePlan } from '../startup/define-plan.ts';
import { flyables } from '../startup/parameters.ts';
import { md, PLANS_MODULE } from './plan-parameters.ts';
import { collect, complete, kickoff } from './stubs/flying.ts';
import { closeRun, openRun } from './stubs/runs.ts';

export const fly = definePlan(
  {
    name: 'fly',
    description: 'Let flyers take data by themselves, and collect it when they are done.',
    module: PLANS_MODULE,
    parameters: { flyers: flyables('what flies'), md },
  },
  function* ({ flyers, md }) {
    const uid = yield* openRun(md);
    for (const flyer of flyers) yield* kickoff(flyer, { wait: true });
    for (const flyer of flyers) yield* complete(flyer, { wait: true });
    for (const flyer of flyers) yield* collect(flyer);
    yield* closeRun();
    return uid;
  },
);

import { definePlan } from '../startup/define-plan.ts';
import { anyValue, number, optional, otherKeywords, pairs } from '../startup/parameters.ts';
import { nothing } from './stubs/control.ts';
import { mv, mvr } from './stubs/motion.ts';

const STUBS_MODULE = 'bluesky.plan_stubs';

const parameters = {
  args: pairs('a device, its value, the next device, its value'),
  group: anyValue<string | null, { kind: 'KEYWORD_ONLY'; default: null; annotation: string }>(
    'a name under which the moves can be waited for',
    { kind: 'KEYWORD_ONLY', default: null, annotation: 'collections.abc.Hashable | None' },
  ),
  timeout: { ...optional(number('seconds until all of them must have arrived')), kind: 'KEYWORD_ONLY' },
  kwargs: otherKeywords('passed on to each device'),
} as const;

/** The stub `mv` as a plan of its own, for the queue. */
export const mvPlan = definePlan(
  {
    name: 'mv',
    description: 'Move devices together, and wait for all.',
    module: STUBS_MODULE,
    isGenerator: false,
    parameters,
  },
  ({ args, group, timeout, kwargs }) => mv(args, { ...kwargs, timeout, ...(group === null ? {} : { group }) }),
);

export const mvrPlan = definePlan(
  {
    name: 'mvr',
    description: 'Move devices together by distances from where they are, and wait for all.',
    module: STUBS_MODULE,
    isGenerator: false,
    parameters,
  },
  ({ args, group, timeout, kwargs }) => mvr(args, { ...kwargs, timeout, ...(group === null ? {} : { group }) }),
);

export const nullPlan = definePlan(
  { name: 'null', description: 'Do nothing.', module: STUBS_MODULE, isGenerator: false, parameters: {} },
  () => nothing(),
);

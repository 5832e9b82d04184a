import type { Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { pairs } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { innerListProduct } from './patterns/products.ts';
import { detectors, md, motorArguments, PLANS_MODULE, perStep } from './plan-parameters.ts';
import type { PerStep } from './plan-parameters.ts';
import { jointDimension, namesOf, reprsOf, shownArguments, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { motorLists } from './motor-lists.ts';
import { relative } from './relative.ts';
import { scanNd } from './scan-nd.ts';

export const listScan = definePlan(
  {
    name: 'list_scan',
    description: 'Move motors together through lists of positions.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      args: pairs('for each dimension a motor and the list of its positions', {
        annotation: 'tuple[__MOVABLE__ | typing.Any, list[typing.Any]]',
      }),
      per_step: perStep,
      md,
    },
  },
  playListScan,
);

export const relListScan = definePlan(
  {
    name: 'rel_list_scan',
    description: 'Like list_scan, around where the motors are.',
    module: PLANS_MODULE,
    parameters: { detectors, args: motorArguments, per_step: perStep, md },
  },
  ({ args, md, ...given }) => {
    const motors = motorLists(args).map(([motor]) => motor);
    return relative(motors, playListScan({ ...given, args, md: { plan_name: 'rel_list_scan', ...md } }));
  },
);

interface ListScanArguments {
  detectors: readonly Readable[];
  args: readonly unknown[];
  per_step: PerStep | null;
  md: Metadata | null;
}

function playListScan({ detectors, args, per_step: perStep, md }: ListScanArguments): Plan<string> {
  const lists = motorLists(args);
  const motors = lists.map(([motor]) => motor);
  const lengths = lists.map(([, positions]) => positions.length);
  if (new Set(lengths).size > 1) {
    const shown = repr(Object.fromEntries(lists.map(([motor, positions]) => [motor.name, positions.length])));
    throw new RangeError(
      `The lengths of all lists in *args must be the same. However the lengths in args are : ${shown}`,
    );
  }
  const [length = 0] = lengths;
  const shown = shownArguments(args);
  const own = {
    detectors: namesOf(detectors),
    motors: namesOf(motors),
    num_points: length,
    num_intervals: (length || 1) - 1,
    plan_args: { detectors: reprsOf(detectors), args: shown, per_step: repr(perStep) },
    plan_name: 'list_scan',
    plan_pattern: 'inner_list_product',
    plan_pattern_module: 'bluesky.plan_patterns',
    plan_pattern_args: { args: shown },
  };
  const metadata = withHints(own, md, jointDimension(motors));
  return scanNd({ detectors, cycler: innerListProduct(lists), per_step: perStep, md: metadata });
}

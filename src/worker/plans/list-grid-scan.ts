import type { Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { flag } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { outerProduct } from './patterns/products.ts';
import { detectors, md, motorArguments, PLANS_MODULE, perStep } from './plan-parameters.ts';
import type { PerStep } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, shownArguments, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { motorLists } from './motor-lists.ts';
import { relative } from './relative.ts';
import { scanNd } from './scan-nd.ts';

const parameters = {
  detectors,
  args: motorArguments,
  snake_axes: flag('whether all but the slowest motor turn around instead of flying back', {
    kind: 'KEYWORD_ONLY',
    default: false,
  }),
  per_step: perStep,
  md,
} as const;

export const listGridScan = definePlan(
  {
    name: 'list_grid_scan',
    description: 'Move motors over a grid of listed positions, the first motor slowest.',
    module: PLANS_MODULE,
    parameters,
  },
  playListGridScan,
);

export const relListGridScan = definePlan(
  {
    name: 'rel_list_grid_scan',
    description: 'Like list_grid_scan, around where the motors are.',
    module: PLANS_MODULE,
    parameters,
  },
  ({ args, md, ...given }) => {
    const motors = motorLists(args).map(([motor]) => motor);
    return relative(motors, playListGridScan({ ...given, args, md: { plan_name: 'rel_list_grid_scan', ...md } }));
  },
);

interface ListGridScanArguments {
  detectors: readonly Readable[];
  args: readonly unknown[];
  /** Some motors only, in code; over the wire all or none. */
  snake_axes: boolean | readonly unknown[];
  per_step: PerStep | null;
  md: Metadata | null;
}

function playListGridScan({
  detectors,
  args,
  snake_axes: snake,
  per_step: perStep,
  md,
}: ListGridScanArguments): Plan<string> {
  const lists = motorLists(args);
  const motors = lists.map(([motor]) => motor);
  const axes = lists.map(([motor, positions], index) => ({
    motor,
    positions,
    isSnaking: typeof snake === 'boolean' ? snake && index > 0 : snake.includes(motor),
  }));
  const shown = shownArguments(args);
  const own = {
    shape: lists.map(([, positions]) => positions.length),
    extents: lists.map(([, positions]) => [Math.min(...positions), Math.max(...positions)]),
    snake_axes: repr(snake),
    plan_args: { detectors: reprsOf(detectors), args: shown, per_step: repr(perStep) },
    plan_name: 'list_grid_scan',
    plan_pattern: 'outer_list_product',
    plan_pattern_args: { args: shown, snake_axes: repr(snake) },
    plan_pattern_module: 'bluesky.plan_patterns',
    motors: namesOf(motors),
  };
  const metadata = withHints(own, md, dimensionsOf(motors));
  return scanNd({ detectors, cycler: outerProduct(axes), per_step: perStep, md: metadata });
}

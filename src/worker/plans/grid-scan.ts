import type { Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { anyValue, pairs } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import { gridAxes } from './grid-arguments.ts';
import type { SnakeAxes } from './grid-arguments.ts';
import { outerProduct } from './patterns/products.ts';
import { linspace } from './patterns/spacing.ts';
import { detectors, md, PLANS_MODULE, perStep } from './plan-parameters.ts';
import type { PerStep } from './plan-parameters.ts';
import { dimensionsOf, namesOf, reprsOf, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import { relative } from './relative.ts';
import { scanNd } from './scan-nd.ts';

const snakeAxes = anyValue<SnakeAxes, { kind: 'KEYWORD_ONLY'; default: null; annotation: string }>(
  'which motors turn around instead of flying back: all but the slowest, none, or a list',
  { kind: 'KEYWORD_ONLY', default: null, annotation: 'collections.abc.Iterable[typing.Any] | bool | None' },
);

export const gridScan = definePlan(
  {
    name: 'grid_scan',
    description: 'Move motors over a grid of evenly spaced points, the first motor slowest.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      args: pairs(undefined, { annotation: null }),
      snake_axes: snakeAxes,
      per_step: perStep,
      md,
    },
  },
  playGridScan,
);

export const relGridScan = definePlan(
  {
    name: 'rel_grid_scan',
    description: 'Like grid_scan, around where the motors are.',
    module: PLANS_MODULE,
    parameters: { detectors, args: pairs(), snake_axes: snakeAxes, per_step: perStep, md },
  },
  ({ args, snake_axes: snake, md, ...given }) => {
    const motors = gridAxes(args, snake).map(({ motor }) => motor);
    return relative(
      motors,
      playGridScan({ ...given, args, snake_axes: snake, md: { plan_name: 'rel_grid_scan', ...md } }),
    );
  },
);

interface GridScanArguments {
  detectors: readonly Readable[];
  args: readonly unknown[];
  snake_axes: SnakeAxes;
  per_step: PerStep | null;
  md: Metadata | null;
}

function playGridScan({ detectors, args, snake_axes: snake, per_step: perStep, md }: GridScanArguments): Plan<string> {
  const axes = gridAxes(args, snake);
  const motors = axes.map(({ motor }) => motor);
  const shown = axes.flatMap(({ motor, start, stop, num, isSnaking }, index) => [
    repr(motor),
    start,
    stop,
    num,
    ...(index === 0 ? [] : [isSnaking]),
  ]);
  const own = {
    shape: axes.map(({ num }) => num),
    extents: axes.map(({ start, stop }) => [start, stop]),
    snaking: axes.map(({ isSnaking }) => isSnaking),
    plan_args: { detectors: reprsOf(detectors), args: shown, per_step: repr(perStep) },
    plan_name: 'grid_scan',
    plan_pattern: 'outer_product',
    plan_pattern_args: { args: shown },
    plan_pattern_module: 'bluesky.plan_patterns',
    motors: namesOf(motors),
  };
  const metadata = withHints(own, md, { gridding: 'rectilinear', ...dimensionsOf(motors) });
  const grid = outerProduct(
    axes.map(({ motor, start, stop, num, isSnaking }) => ({ motor, positions: linspace(start, stop, num), isSnaking })),
  );
  return scanNd({ detectors, cycler: grid, per_step: perStep, md: metadata });
}

import type { Readable } from '../devices/protocols.ts';
import type { Plan } from '../run-engine/messages.ts';
import { definePlan } from '../startup/define-plan.ts';
import { anyValue, integer, metadata, movable, number, optional, pairs, readables } from '../startup/parameters.ts';
import { repr } from '../startup/python-repr.ts';
import type { Device } from './device-family.ts';
import { innerProduct } from './patterns/products.ts';
import type { Span } from './patterns/products.ts';
import { detectors, md, motorArguments, PLANS_MODULE, perStep } from './plan-parameters.ts';
import { jointDimension, namesOf, reprsOf, shownArguments, withHints } from './plan-metadata.ts';
import type { Metadata } from './plan-metadata.ts';
import type { PerStep } from './plan-parameters.ts';
import { relative } from './relative.ts';
import { scanNd } from './scan-nd.ts';

export const scan = definePlan(
  {
    name: 'scan',
    description: 'Move motors together from their start to their stop in evenly spaced points.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      args: motorArguments,
      num: {
        ...optional(integer('how many points; may be the last positional argument instead')),
        kind: 'KEYWORD_ONLY',
      },
      per_step: perStep,
      md,
    },
  },
  playScan,
);

export const relScan = definePlan(
  {
    name: 'rel_scan',
    description: 'Like scan, around where the motors are.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      args: motorArguments,
      num: anyValue<number | null, { kind: 'KEYWORD_ONLY'; default: null }>('how many points', {
        kind: 'KEYWORD_ONLY',
        default: null,
      }),
      per_step: perStep,
      md,
    },
  },
  playRelScan,
);

const undescribed = {
  detectors: readables(),
  num: integer(),
  args: pairs(),
  per_step: anyValue<PerStep | null, { kind: 'KEYWORD_ONLY'; default: null }>(undefined, {
    kind: 'KEYWORD_ONLY',
    default: null,
  }),
  md: metadata(),
} as const;

/** Points first, as older scripts have it. */
export const innerProductScan = definePlan(
  { name: 'inner_product_scan', module: PLANS_MODULE, parameters: undescribed },
  ({ md, ...given }) => playScan({ ...given, md: { plan_name: 'inner_product_scan', ...md } }),
);

/** Points first, and around where the motors are. */
export const relativeInnerProductScan = definePlan(
  { name: 'relative_inner_product_scan', module: PLANS_MODULE, parameters: undescribed },
  ({ md, ...given }) => playRelScan({ ...given, md: { plan_name: 'relative_inner_product_scan', ...md } }),
);

export const x2xScan = definePlan(
  {
    name: 'x2x_scan',
    description: 'Move two motors around where they are, the second half as far as the first.',
    module: PLANS_MODULE,
    parameters: {
      detectors,
      motor1: movable('the motor that goes all the way'),
      motor2: movable('the motor that goes half the way'),
      start: number('where the first motor starts, relative to where it is'),
      stop: number('where the first motor stops, relative to where it is'),
      num: integer('how many points'),
      per_step: perStep,
      md,
    },
  },
  ({ detectors, motor1, motor2, start, stop, num, per_step: perStep, md }) => {
    const shown = { motor1: motor1.name, motor2: motor2.name, start, stop, num };
    const own = {
      plan_name: 'x2x_scan',
      plan_args: { detectors: reprsOf(detectors), ...shown, per_step: repr(perStep) },
    };
    const args = [motor1, start, stop, motor2, start / 2, stop / 2];
    return playRelScan({ detectors, args, num, per_step: perStep, md: { ...own, ...md } });
  },
);

interface ScanArguments {
  detectors: readonly Readable[];
  args: readonly unknown[];
  num: number | null;
  per_step: PerStep | null;
  md: Metadata | null;
}

function playScan({ detectors, args: given, num: number, per_step: perStep, md }: ScanArguments): Plan<string> {
  const { args, num } = withPoints(given, number);
  const spans = spansOf(args);
  const motors = spans.map(({ motor }) => motor);
  const shown = shownArguments(args);
  const own = {
    plan_args: { detectors: reprsOf(detectors), num, args: shown, per_step: repr(perStep) },
    plan_name: 'scan',
    plan_pattern: 'inner_product',
    plan_pattern_module: 'bluesky.plan_patterns',
    plan_pattern_args: { num, args: shown },
    motors: namesOf(motors),
  };
  const metadata = withHints(own, md, jointDimension(motors));
  return scanNd({ detectors, cycler: innerProduct(spans, num), per_step: perStep, md: metadata });
}

function playRelScan(given: ScanArguments): Plan<string> {
  const motors = spansOf(given.num === null ? given.args.slice(0, -1) : given.args).map(({ motor }) => motor);
  return relative(motors, playScan({ ...given, md: { plan_name: 'rel_scan', ...given.md } }));
}

/** The number of points stands last among the arguments, unless it is given by name. */
function withPoints(args: readonly unknown[], num: number | null): { args: readonly unknown[]; num: number } {
  if (num === null) {
    if (args.length % 3 === 1) return { args: args.slice(0, -1), num: args.at(-1) as number };
    throw new RangeError(
      "The number of points to scan must be provided as the last positional argument or as keyword argument 'num'.",
    );
  }
  if (Number.isInteger(num) && num > 0) return { args, num };
  throw new RangeError(
    'The parameter `num` is expected to be a number of steps (not step size!) ' +
      `It must therefore be a whole number. The given value was ${num}.`,
  );
}

function spansOf(args: readonly unknown[]): Span[] {
  if (args.length % 3 !== 0) throw new RangeError("Wrong number of positional arguments for 'inner_product'");
  const spans: Span[] = [];
  for (let at = 0; at < args.length; at += 3) {
    spans.push({ motor: args[at] as Device, start: args[at + 1] as number, stop: args[at + 2] as number });
  }
  return spans;
}

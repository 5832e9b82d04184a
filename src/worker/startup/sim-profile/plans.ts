import type { Movable, Readable } from '../../devices/protocols.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { count } from '../../plans/count.ts';
import { mv } from '../../plans/stubs/motion.ts';
import { triggerAndRead } from '../../plans/stubs/reading.ts';
import { sleep } from '../../plans/stubs/waiting.ts';
import { runWrapper, setRunKeyWrapper } from '../../plans/wrappers/run.ts';
import { definePlan } from '../define-plan.ts';
import { anyValue, devicesFrom, integer, metadata, number, optional, parameter } from '../parameters.ts';
import type { profileDevices } from './devices.ts';

type Devices = ReturnType<typeof profileDevices>;

/** The plans that the simulated profile has beside those of bluesky. */
export function profilePlans(devices: Devices) {
  return {
    marked_up_count: markedUpCount,
    move_then_count: moveThenCount,
    count_bundle_test: countBundleTest,
    _sim_plan_inner: innerRun(devices),
    sim_multirun_plan_nested: nestedRuns(devices),
  };
}

const markedUpCount = definePlan(
  {
    name: 'marked_up_count',
    parameters: {
      detectors: parameter<readonly Readable[]>(
        { schema: { type: 'array' }, annotation: 'list[typing.Any]' },
        undefined,
      ),
      num: integer(undefined, { default: 1 }),
      delay: optional(number()),
      md: metadata(undefined, { kind: 'POSITIONAL_OR_KEYWORD' }),
    },
  },
  ({ detectors, num, delay, md }) => count({ detectors, num, delay, md }),
);

const moveThenCount = definePlan(
  {
    name: 'move_then_count',
    description: 'Move motors into positions; then count dets.',
    parameters: {
      motors: devicesFrom<Movable>(
        'Motors',
        ['motor1', 'motor2'],
        'List of motors to be moved into specified positions before the measurement',
      ),
      detectors: devicesFrom<Readable, { default: ['det1', 'det2'] }>(
        'Detectors',
        ['det1', 'det2', 'det3'],
        'Detectors to use for measurement.',
        { default: ['det1', 'det2'] },
      ),
      positions: parameter<readonly number[] | null, { default: null }>(
        {
          schema: { type: 'array', items: { type: 'number', minimum: -10, maximum: 10 } },
          annotation: 'typing.List[float]',
          limits: { min: '-10', max: '10', step: '0.01' },
        },
        'Motor positions. The number of positions must be equal to the number of the motors.',
        { default: null },
      ),
    },
  },
  function* ({ motors, detectors, positions }) {
    if (motors.length !== positions?.length) {
      throw new TypeError(
        "The lists of 'motors' and 'positions' should have the same number of elements: " +
          `len(motors) = ${motors.length}, len(positions) = ${positions?.length ?? 0}`,
      );
    }
    yield* mv(motors.flatMap((motor, index) => [motor, positions[index]]));
    return yield* count({ detectors });
  },
);

const countBundleTest = definePlan(
  {
    name: 'count_bundle_test',
    parameters: {
      detectors: devicesFrom<Readable>('DetList', ['det', 'det1', 'det2', 'det3', ':+^sim_bundle:?.*$']),
      num: anyValue<number, { default: 1 }>(undefined, { default: 1 }),
      delay: anyValue<number | null, { default: null }>(undefined, { default: null }),
      per_shot: anyValue<null, { kind: 'KEYWORD_ONLY'; default: null }>(undefined, {
        kind: 'KEYWORD_ONLY',
        default: null,
      }),
      md: anyValue<Record<string, unknown> | null, { kind: 'KEYWORD_ONLY'; default: null }>(undefined, {
        kind: 'KEYWORD_ONLY',
        default: null,
      }),
    },
  },
  ({ detectors, num, delay, md }) => count({ detectors, num, delay, md }),
);

const innerRun = (devices: Devices) =>
  definePlan(
    { name: '_sim_plan_inner', parameters: { npts: integer(), delay: number(undefined, { default: 1 }) } },
    ({ npts, delay }) => innerPlan(devices, npts, delay),
  );

const nestedRuns = (devices: Devices) =>
  definePlan(
    {
      name: 'sim_multirun_plan_nested',
      description: 'Simulated multi-run plan: two nested runs. The plan is included for testing purposes only.',
      parameters: {
        npts: integer("The number of measurements in the outer run. Inner run will contain 'npts+1' measurements."),
        delay: number('Delay between measurements.', { default: 1 }),
      },
    },
    ({ npts, delay }) => setRunKeyWrapper(runWrapper(outerPoints(devices, npts, delay), {}), 'run_1'),
  );

function* outerPoints(devices: Devices, npts: number, delay: number): Plan<void> {
  const half = Math.trunc(npts / 2);
  for (let index = 0; index < npts; index += 1) {
    if (index === half) yield* innerPlan(devices, npts + 1, delay);
    yield* mv([devices.motor, index * 0.2]);
    yield* triggerAndRead([devices.motor, devices.det]);
    yield* sleep(delay);
  }
  if (npts === 0) yield* innerPlan(devices, npts + 1, delay);
}

/** The inner run keeps its own key: a message that names its run is left alone by the outer one. */
const innerPlan = (devices: Devices, npts: number, delay: number): Plan =>
  setRunKeyWrapper(runWrapper(innerPoints(devices, npts, delay), {}), 'run_2');

function* innerPoints({ motor1, motor2, det2 }: Devices, npts: number, delay: number): Plan<void> {
  for (let index = 0; index < npts; index += 1) {
    yield* mv([motor1, index * 0.1 + 1, motor2, index * 0.2 - 2]);
    yield* triggerAndRead([motor1, motor2, det2]);
    yield* sleep(delay);
  }
}

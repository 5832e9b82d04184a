import type { RunEngine } from '../../src/worker/run-engine/run-engine.ts';
import type { simulatedHardware } from '../../src/worker/devices/sim/hardware.ts';
import { SuspendBoolHigh } from '../../src/worker/run-engine/suspenders/boolean.ts';
import { msg, type Msg, type Plan } from '../../src/worker/run-engine/messages.ts';
import { bundledPlans as plans } from '../../src/worker/plans/bundled-plans.ts';
import { along } from '../../src/worker/plans/patterns/trajectory.ts';
import { create, declareStream, drop, save } from '../../src/worker/plans/stubs/bundle.ts';
import { checkpoint, clearCheckpoint, configure, nothing, pause } from '../../src/worker/plans/stubs/control.ts';
import { absSet, mv, mvr, relSet } from '../../src/worker/plans/stubs/motion.ts';
import { monitor, rd, read, triggerAndRead, unmonitor } from '../../src/worker/plans/stubs/reading.ts';
import { closeRun, openRun } from '../../src/worker/plans/stubs/runs.ts';
import { sleep } from '../../src/worker/plans/stubs/waiting.ts';
import { baselineWrapper } from '../../src/worker/plans/wrappers/baseline.ts';
import { contingencyWrapper, finalizeWrapper } from '../../src/worker/plans/wrappers/cleanup.ts';
import { flyDuringWrapper, monitorDuringWrapper } from '../../src/worker/plans/wrappers/during.ts';
import { chain, single } from '../../src/worker/plans/wrappers/mutators.ts';
import { runWrapper, setRunKeyWrapper } from '../../src/worker/plans/wrappers/run.ts';
import { lazilyStageWrapper } from '../../src/worker/plans/wrappers/staging.ts';
import { SupplementalData } from '../../src/worker/plans/wrappers/supplemental-data.ts';

export type Hardware = ReturnType<typeof simulatedHardware>;

/** What was run for a recording. */
export interface Scenario {
  plan: (devices: Hardware) => Plan;
  recordInterruptions?: true;
  /** What happens from outside, when the given message is begun: `set 3` is the third `set`. */
  outside?: { at: string; act: (engine: RunEngine, devices: Hardware) => void }[];
  install?: (engine: RunEngine, devices: Hardware) => void;
  /** How a pause ends. */
  afterPause?: 'resume' | 'stop' | 'abort' | 'halt';
}
type Scenarios = Record<string, Scenario | Scenario['plan']>;

const pre = (move: Plan, plan: Plan): Plan => chain(move, plan);
const inOpenRun = (...inner: Plan[]): Plan => chain(openRun(), ...inner, closeRun());

/** RangeError is what a ValueError is in JavaScript. */
function* raising(before: Plan, text: string): Plan {
  yield* before;
  throw new RangeError(text);
}

const scans: Scenarios = {
  count_default: ({ det }) => plans.count({ detectors: [det] }),
  count_delay_list: ({ det }) => plans.count({ detectors: [det], num: 3, delay: [0.01, 0.02] }),
  count_md: ({ det }) => plans.count({ detectors: [det], md: { sample: 'a', hints: { x: 1 } } }),
  count_num3_delay: ({ det, det1 }) => plans.count({ detectors: [det, det1], num: 3, delay: 0.01 }),
  det_with_conf: ({ det_with_conf }) => plans.count({ detectors: [det_with_conf] }),
  direct_img: ({ direct_img_list }) => plans.count({ detectors: [direct_img_list] }),
  img_resource_datum: ({ img }) => plans.count({ detectors: [img], num: 2 }),
  scan_1d: ({ det, motor }) => plans.scan({ detectors: [det], args: [motor, -1, 1, 5] }),
  scan_2motors: ({ det, motor1, motor2 }) => plans.scan({ detectors: [det], args: [motor1, 0, 2, motor2, 1, -1, 3] }),
  scan_num_kw: ({ det1, motor1 }) => plans.scan({ detectors: [det1], args: [motor1, 0, 1], num: 2 }),
  rel_scan: ({ det, motor }) => pre(mv([motor, 3]), plans.rel_scan({ detectors: [det], args: [motor, -1, 1, 3] })),
  inner_product_scan: ({ det, motor1, motor2 }) =>
    plans.inner_product_scan({ detectors: [det], num: 3, args: [motor1, 0, 1, motor2, 0, -1] }),
  relative_inner_product_scan: ({ det, motor1 }) =>
    plans.relative_inner_product_scan({ detectors: [det], num: 3, args: [motor1, 0, 1] }),
  x2x_scan: ({ det, motor1, motor2 }) =>
    plans.x2x_scan({ detectors: [det], motor1, motor2, start: -1, stop: 1, num: 3 }),
  list_scan: ({ det1, motor1, motor2 }) =>
    plans.list_scan({ detectors: [det1], args: [motor1, [1, 4, 2], motor2, [5, 6, 7]] }),
  rel_list_scan: ({ det1, motor1 }) =>
    pre(mv([motor1, 10]), plans.rel_list_scan({ detectors: [det1], args: [motor1, [-1, 0, 1]] })),
  list_grid_scan: ({ det4, motor1, motor2 }) =>
    plans.list_grid_scan({ detectors: [det4], args: [motor1, [1, 2], motor2, [3, 4, 5]] }),
  list_grid_scan_snake: ({ det4, motor1, motor2 }) =>
    plans.list_grid_scan({ detectors: [det4], args: [motor1, [1, 2, 3], motor2, [3, 4, 5]], snake_axes: true }),
  rel_list_grid_scan: ({ det4, motor1, motor2 }) =>
    pre(
      mv([motor1, 1, motor2, 2]),
      plans.rel_list_grid_scan({ detectors: [det4], args: [motor1, [-1, 1], motor2, [0, 1]] }),
    ),
  grid_scan_2d: ({ det4, motor1, motor2 }) =>
    plans.grid_scan({ detectors: [det4], args: [motor1, -1, 1, 3, motor2, 0, 1, 2] }),
  grid_scan_old_style: ({ det4, motor1, motor2 }) =>
    plans.grid_scan({ detectors: [det4], args: [motor1, 0, 1, 2, motor2, 0, 1, 2, true] }),
  grid_scan_snake_true: ({ det4, motor1, motor2 }) =>
    plans.grid_scan({ detectors: [det4], args: [motor1, -1, 1, 3, motor2, 0, 1, 2], snake_axes: true }),
  grid_scan_snake_list: ({ det4, motor1, motor2, motor3 }) =>
    plans.grid_scan({
      detectors: [det4],
      args: [motor1, 0, 1, 2, motor2, 0, 1, 2, motor3, 0, 1, 2],
      snake_axes: [motor3],
    }),
  rel_grid_scan: ({ det4, motor1, motor2 }) =>
    pre(mv([motor1, 5]), plans.rel_grid_scan({ detectors: [det4], args: [motor1, -1, 1, 2, motor2, 0, 1, 2] })),
  log_scan: ({ det, motor }) => plans.log_scan({ detectors: [det], motor, start: 1, stop: 3, num: 4 }),
  rel_log_scan: ({ det, motor }) => plans.rel_log_scan({ detectors: [det], motor, start: 0, stop: 1, num: 3 }),
  scan_nd: ({ det4, motor1, motor2 }) =>
    plans.scan_nd({ detectors: [det4], cycler: along(motor1, [1, 2]).times(along(motor2, [10, 20])) }),
};

const square = ({ det4, motor1, motor2 }: Hardware) => ({
  detectors: [det4],
  x_motor: motor1,
  y_motor: motor2,
  x_range: 2,
  y_range: 2,
  y_num: 3,
});
const round = ({ det4, motor1, motor2 }: Hardware) => ({
  detectors: [det4],
  x_motor: motor1,
  y_motor: motor2,
  x_range: 1,
  y_range: 1,
});
const adaptive = ({ det, motor }: Hardware) => ({
  detectors: [det],
  target_field: 'det',
  motor,
  min_step: 0.1,
  target_delta: 0.2,
});
const tuning = ({ det, motor }: Hardware) => ({
  detectors: [det],
  signal: 'det',
  motor,
  start: -2,
  stop: 2,
  min_step: 0.3,
});

const patterns: Scenarios = {
  spiral: (devices) => plans.spiral({ ...round(devices), x_start: 0, y_start: 0, dr: 0.4, nth: 8 }),
  spiral_tilt: (devices) =>
    plans.spiral({ ...round(devices), x_start: 0, y_start: 0, y_range: 2, dr: 0.4, dr_y: 0.6, nth: 8, tilt: 0.3 }),
  rel_spiral: (devices) => plans.rel_spiral({ ...round(devices), dr: 0.5, nth: 6 }),
  spiral_fermat: (devices) => plans.spiral_fermat({ ...round(devices), x_start: 0, y_start: 0, dr: 0.3, factor: 1 }),
  rel_spiral_fermat: (devices) => plans.rel_spiral_fermat({ ...round(devices), dr: 0.4, factor: 1 }),
  spiral_square: (devices) => plans.spiral_square({ ...square(devices), x_center: 0, y_center: 0, x_num: 3 }),
  spiral_square_4x3: (devices) => plans.spiral_square({ ...square(devices), x_center: 0, y_center: 0, x_num: 4 }),
  rel_spiral_square: (devices) => plans.rel_spiral_square({ ...square(devices), x_num: 3 }),
  adaptive_scan: (devices) =>
    plans.adaptive_scan({ ...adaptive(devices), start: -2, stop: 2, max_step: 1, backstep: true }),
  adaptive_scan_no_backstep: (devices) =>
    plans.adaptive_scan({ ...adaptive(devices), start: -2, stop: 2, max_step: 1, backstep: false }),
  rel_adaptive_scan: (devices) =>
    plans.rel_adaptive_scan({ ...adaptive(devices), start: -1, stop: 1, max_step: 0.5, backstep: true }),
  tune_centroid: (devices) => plans.tune_centroid({ ...tuning(devices), num: 6 }),
  tune_centroid_snake: (devices) => plans.tune_centroid({ ...tuning(devices), num: 5, snake: true }),
};

const stubs: Scenarios = {
  abs_set_wait: ({ motor }) => absSet(motor, 3, { wait: true }),
  rel_set: ({ motor }) => relSet(motor, 3, { wait: true }),
  mv_two: ({ motor1, motor2 }) => mv([motor1, 1, motor2, 2]),
  mvr: ({ motor1, motor2 }) => pre(mv([motor1, 1]), mvr([motor1, 2, motor2, -1])),
  rd: ({ motor }) => rd(motor),
  locate: () => nothing(),
  null: () => nothing(),
  sleep: () => sleep(0.01),
  trigger_and_read: ({ det, motor }) => inOpenRun(triggerAndRead([det, motor], 'other')),
  declare_stream: ({ det, motor }) =>
    inOpenRun(declareStream([det, motor], { name: 'primary' }), triggerAndRead([det, motor])),
  drop_event: ({ det }) => inOpenRun(create(), read(det), drop(), triggerAndRead([det])),
  empty_bundle: () => inOpenRun(create('a'), save()),
  two_streams: ({ det, det1 }) =>
    inOpenRun(triggerAndRead([det]), triggerAndRead([det1], 'aux'), triggerAndRead([det])),
  fly: ({ trivial_flyer }) => plans.fly({ flyers: [trivial_flyer] }),
  fly_mock: ({ flyer2 }) => plans.fly({ flyers: [flyer2] }),
};

const runs: Scenarios = {
  two_runs: ({ det, motor }) =>
    chain(plans.count({ detectors: [det] }), plans.scan({ detectors: [det], args: [motor, 0, 1, 2] })),
  nested_runs: ({ det1, det2 }) =>
    setRunKeyWrapper(
      chain(
        openRun({ which: 'outer' }),
        triggerAndRead([det1]),
        setRunKeyWrapper(chain(openRun({ which: 'inner' }), triggerAndRead([det2]), closeRun()), 'in'),
        triggerAndRead([det1]),
        closeRun(),
      ),
      'out',
    ),
  lazily_stage: ({ det }) => lazilyStageWrapper(inOpenRun(triggerAndRead([det]))),
  baseline: ({ det, motor1, motor2 }) => baselineWrapper(plans.count({ detectors: [det] }), [motor1, motor2]),
  monitor_during: ({ det, motor1 }) => monitorDuringWrapper(plans.count({ detectors: [det] }), [motor1.readback]),
  fly_during: ({ det, trivial_flyer }) => flyDuringWrapper(plans.count({ detectors: [det] }), [trivial_flyer]),
  supplemental_data: ({ det, motor1, trivial_flyer }) =>
    new SupplementalData({ baseline: [motor1], flyers: [trivial_flyer] }).preprocess(plans.count({ detectors: [det] })),
};

const errors: Scenarios = {
  bad_command: () => single(msg('aardvark')),
  close_without_open: () => single(msg('close_run')),
  open_run_twice: () => chain(openRun(), openRun()),
  run_never_closed: ({ det }) => chain(openRun(), create(), read(det), save()),
  checkpoint_in_bundle: () => runWrapper(chain(create('a'), checkpoint())),
  double_create: () => runWrapper(chain(create('a'), create('b'))),
  save_without_create: () => runWrapper(save()),
  read_collision: ({ det, identical_det }) => runWrapper(chain(create('a'), read(det), read(identical_det))),
  configure_midrun: ({ det_with_count_time }) =>
    chain(openRun(), triggerAndRead([det_with_count_time]), configure(det_with_count_time, { count_time: 3 })),
  error_in_run: ({ motor1 }) => runWrapper(raising(mv([motor1, 1]), 'boom')),
  finalize_error: ({ motor1, motor3 }) => finalizeWrapper(raising(mv([motor1, 1]), 'boom'), () => mv([motor3, 9])),
  contingency_error: ({ motor1, motor2, motor3 }) =>
    contingencyWrapper(raising(mv([motor1, 1]), 'boom'), {
      exceptPlan: () => mv([motor2, 7]) as Plan,
      finalPlan: () => mv([motor3, 9]),
    }),
};

const fivePoints = ({ det, motor }: Hardware): Plan => plans.scan({ detectors: [det], args: [motor, -1, 1, 5] });
const atThirdPoint = (defer = false): NonNullable<Scenario['outside']> => [
  { at: 'wait 5', act: (engine) => engine.requestPause(defer) },
];
const longSleep = (): Plan => chain(openRun(), sleep(5), closeRun());
const suspended: Scenario = {
  plan: ({ det, motor }) => inOpenRun(checkpoint(), mv([motor, 1]), sleep(1), triggerAndRead([det])),
  install: (engine, { bool_sig: signal, motor2 }) =>
    engine.installSuspender(
      new SuspendBoolHigh(signal, { prePlan: () => mv([motor2, -5]), postPlan: () => mv([motor2, 5]) }),
    ),
  outside: [
    { at: 'sleep 1', act: (_engine, { bool_sig: signal }) => signal.put(true) },
    { at: 'wait_for 1', act: (_engine, { bool_sig: signal }) => signal.put(false) },
  ],
};

const interruptions: Scenarios = {
  abort_running: { plan: longSleep, outside: [{ at: 'sleep 1', act: (engine) => void engine.abort('why not') }] },
  stop_running: { plan: longSleep, outside: [{ at: 'sleep 1', act: (engine) => void engine.stop() }] },
  halt_running: { plan: longSleep, outside: [{ at: 'sleep 1', act: (engine) => void engine.halt() }] },
  pause_resume_scan: { plan: fivePoints, outside: atThirdPoint(), afterPause: 'resume' },
  pause_resume_recorded: { plan: fivePoints, outside: atThirdPoint(), afterPause: 'resume', recordInterruptions: true },
  deferred_pause_resume: { plan: fivePoints, outside: atThirdPoint(true), afterPause: 'resume' },
  pause_stop: { plan: fivePoints, outside: atThirdPoint(), afterPause: 'stop' },
  pause_abort: { plan: fivePoints, outside: atThirdPoint(), afterPause: 'abort' },
  pause_halt: { plan: fivePoints, outside: atThirdPoint(), afterPause: 'halt' },
  plan_pause: {
    plan: ({ det }) => inOpenRun(checkpoint(), triggerAndRead([det]), pause(), triggerAndRead([det])),
    afterPause: 'resume',
  },
  pause_without_checkpoint: ({ det }) => inOpenRun(clearCheckpoint(), triggerAndRead([det]), pause()),
  pause_with_monitor: {
    plan: ({ motor1 }) =>
      inOpenRun(
        monitor(motor1.readback, { name: 'm1' }),
        checkpoint(),
        mv([motor1, 1]),
        pause(),
        mv([motor1, 2]),
        unmonitor(motor1.readback),
      ),
    afterPause: 'resume',
  },
  suspender_bool_high: suspended,
  suspender_recorded: { ...suspended, recordInterruptions: true },
};

export const scenarios: Scenarios = { ...scans, ...patterns, ...stubs, ...runs, ...errors, ...interruptions };

/** `set 3`: how a scenario names the third `set`. */
export class MessageCounter {
  readonly #counts = new Map<string, number>();

  count({ command }: Msg): string {
    const count = (this.#counts.get(command) ?? 0) + 1;
    this.#counts.set(command, count);
    return `${command} ${count}`;
  }
}

/** What a benchmark target must offer beside the simulated profile: two plans, and two PVs when EPICS is measured. */
import {
  bundledPlans,
  definePlan,
  EpicsSignal,
  EpicsSignalRO,
  integer,
  type Readable,
  seconds,
  simProfile,
  stubs,
  text,
} from 'beamgate/startup';

const simulated = simProfile();
const det1 = simulated.namespace['det1'] as Readable;
export const metadata = simulated.metadata;

const epics =
  process.env['BENCH_EPICS'] === undefined
    ? {}
    : {
        bench_motor: new EpicsSignal<number>('bench:motor', { name: 'bench_motor' }),
        bench_det: new EpicsSignalRO<number>('bench:det', { name: 'bench_det', cached: false }),
      };
export default { ...simulated.namespace, ...epics };

const now = () => ((performance.timeOrigin + performance.now()) / 1000).toFixed(6);

export const bench_print = definePlan(
  {
    name: 'bench_print',
    description: 'Print numbered lines that carry the time of printing, then an end mark.',
    parameters: { lines: integer('how many lines'), interval: seconds('between two lines', { default: 0 }) },
  },
  function* ({ lines, interval }) {
    for (let number = 0; number < lines; number++) {
      console.log(`BENCH ${number} ${now()}`);
      yield* interval > 0 ? stubs.sleep(interval) : stubs.nothing();
    }
    console.log(`BENCH-END ${now()}`);
  },
);

export const bench_timed = definePlan(
  {
    name: 'bench_timed',
    description: 'count of det1, or scan of bench_motor; prints the seconds from the first message to the last.',
    parameters: { what: text('count or scan'), points: integer('how many points') },
  },
  function* ({ what, points }) {
    const { count, scan } = bundledPlans;
    const began = performance.now();
    yield* what === 'count'
      ? count({ detectors: [det1], num: points })
      : scan({ detectors: [epics.bench_det as Readable], args: [epics.bench_motor, 0, 10], num: points });
    console.log(`BENCH-TIME ${((performance.now() - began) / 1000).toFixed(6)}`);
  },
);

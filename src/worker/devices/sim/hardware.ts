import { ABDetector, DetWithConf, DetWithCountTime, DirectImage } from './detectors.ts';
import { MockFlyer, NewTrivialFlyer, TrivialFlyer } from './flyers.ts';
import { SPseudo1x3, SPseudo3x3 } from './pseudo-examples.ts';
import { Signal } from './signal.ts';
import { SynAxis, SynAxisEmptyHints, SynAxisNoHints, SynAxisNoPosition } from './syn-axis.ts';
import { Syn2DGauss, SynGauss } from './syn-gauss.ts';
import { InvariantSignal, SynPeriodicSignal, SynSignal } from './syn-signal.ts';
import { SynSignalWithRegistry } from './syn-signal-with-registry.ts';

export interface HardwareOptions {
  /** Where images go; a new folder for each acquisition when left out. */
  savePath?: string;
}

/** A new set of the devices of `ophyd.sim.hw()`. Some names are given twice, as they are there. */
export function simulatedHardware(options: HardwareOptions = {}) {
  const motors = simulatedMotors();
  return { ...motors, ...peakDetectors(motors), ...simulatedSignals(), ...imageDetectors(options), ...otherDevices() };
}

const axis = (name: string): SynAxis => new SynAxis({ name });
const jittery = (name: string): SynAxis => new SynAxis({ name, readbackOf: (position) => position + Math.random() });

const simulatedMotors = () => ({
  motor: axis('motor'),
  motor1: axis('motor1'),
  motor2: axis('motor2'),
  motor3: axis('motor3'),
  jittery_motor1: jittery('jittery_motor1'),
  jittery_motor2: jittery('jittery_motor2'),
  motor_no_pos: new SynAxisNoPosition({ name: 'motor' }),
  motor_empty_hints1: new SynAxisEmptyHints({ name: 'motor1' }),
  motor_empty_hints2: new SynAxisEmptyHints({ name: 'motor2' }),
  motor_no_hints1: new SynAxisNoHints({ name: 'motor1' }),
  motor_no_hints2: new SynAxisNoHints({ name: 'motor2' }),
});

function peakDetectors({ motor, motor1, motor2, motor3, ...others }: ReturnType<typeof simulatedMotors>) {
  const along = (device: SynAxis) => ({ motor: device, field: device.name });
  const det = new SynGauss({ name: 'det', along: along(motor), center: 0, Imax: 1 });
  const flown = { motor, detector: det };
  return {
    noisy_det: new SynGauss({
      name: 'noisy_det',
      along: along(motor),
      center: 0,
      Imax: 1,
      noise: 'uniform',
      noiseMultiplier: 0.1,
    }),
    det,
    identical_det: new SynGauss({ name: 'det', along: along(motor), center: 0, Imax: 1 }),
    det1: new SynGauss({ name: 'det1', along: along(motor1), center: 0, Imax: 5, sigma: 0.5 }),
    det2: new SynGauss({ name: 'det2', along: along(motor2), center: 1, Imax: 2, sigma: 2 }),
    det3: new SynGauss({ name: 'det3', along: along(motor3), center: -1, Imax: 2 }),
    det4: new Syn2DGauss({ name: 'det4', along: [along(motor1), along(motor2)], center: [0, 0], Imax: 1 }),
    det5: new Syn2DGauss({
      name: 'det5',
      along: [along(others.jittery_motor1), along(others.jittery_motor2)],
      center: [0, 0],
      Imax: 1,
    }),
    flyer1: new MockFlyer('flyer1', flown, { start: 1, stop: 5, num: 20 }),
    flyer2: new MockFlyer('flyer2', flown, { start: 1, stop: 5, num: 10 }),
  };
}

const simulatedSignals = () => ({
  invariant1: new InvariantSignal({ name: 'invariant1', dtype: 'integer', compute: () => 0 }),
  invariant2: new InvariantSignal({ name: 'invariant2', dtype: 'integer', compute: () => 0 }),
  sig: new Signal({ name: 'sig', value: 0, dtype: 'integer' }),
  bool_sig: new Signal<boolean>({ name: 'bool_sig', value: false, dtype: 'boolean' }),
  signal: new SynSignal({ name: 'signal', dtype: 'integer', compute: () => 0 }),
  rand: new SynPeriodicSignal({ name: 'rand', compute: Math.random }),
  rand2: new SynPeriodicSignal({ name: 'rand2', compute: Math.random }),
});

const ones = (): number[][] => Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 1));

const imageDetectors = ({ savePath }: HardwareOptions) => ({
  direct_img: new DirectImage({ name: 'direct', field: 'img', image: ones }),
  direct_img_list: new DirectImage({ name: 'direct', field: 'direct_img_list', image: ones }),
  img: new SynSignalWithRegistry({ name: 'img', image: ones, ...(savePath === undefined ? {} : { savePath }) }),
});

const otherDevices = () => ({
  ab_det: new ABDetector({ name: 'det' }),
  det_with_conf: new DetWithConf({ name: 'det' }),
  det_with_count_time: new DetWithCountTime({ name: 'det' }),
  trivial_flyer: new TrivialFlyer(),
  new_trivial_flyer: new NewTrivialFlyer(),
  pseudo3x3: new SPseudo3x3({ name: 'pseudo3x3' }),
  pseudo1x3: new SPseudo1x3({ name: 'pseudo1x3' }),
});

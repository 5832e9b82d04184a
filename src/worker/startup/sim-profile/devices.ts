import { Device } from '../../devices/sim/device.ts';
import { MockFlyer } from '../../devices/sim/flyers.ts';
import { simulatedHardware } from '../../devices/sim/hardware.ts';
import type { Place } from '../../devices/sim/part.ts';
import { Signal } from '../../devices/sim/signal.ts';
import { SynAxis } from '../../devices/sim/syn-axis.ts';
import { SynGauss } from '../../devices/sim/syn-gauss.ts';
import { both } from '../../devices/status.ts';
import type { DeviceStatus } from '../../devices/status.ts';

type Motors = Pick<ReturnType<typeof simulatedHardware>, 'motor1' | 'motor2'>;

/** Three axes that move together: `set([1, 2, 3])`. */
class SimStage extends Device {
  readonly x: SynAxis;
  readonly y: SynAxis;
  readonly z: SynAxis;

  constructor(place: Place) {
    super(place);
    this.x = this.add('x', 'normal', (part) => new SynAxis(part));
    this.y = this.add('y', 'normal', (part) => new SynAxis(part));
    this.z = this.add('z', 'normal', (part) => new SynAxis(part));
  }

  set([x = 0, y = 0, z = 0]: readonly number[]): DeviceStatus {
    return both(both(this.x.set(x), this.y.set(y)), this.z.set(z));
  }
}

/** Detectors that see peaks along motors which are not part of them. */
class SimDetectors extends Device {
  constructor(place: Place, { motor1, motor2 }: Motors) {
    super(place);
    for (const [attribute, motor] of [
      ['det_A', motor1],
      ['det_B', motor2],
    ] as const) {
      const along = { motor, field: motor.name };
      this.add(attribute, 'normal', (part) => new SynGauss({ ...part, along, center: 0, Imax: 5, sigma: 0.5 }));
    }
  }
}

class SimBundle extends Device {
  constructor(place: Place, motors: Motors) {
    super(place);
    this.add('mtrs', 'normal', (part) => new SimStage(part));
    this.add('dets', 'normal', (part) => new SimDetectors(part, motors));
  }
}

/** The 43 devices of the originals' simulated profile, made anew. */
export function profileDevices() {
  const hardware = simulatedHardware();
  const { det, motor } = hardware;
  return {
    ...hardware,
    custom_test_device: new Device({ name: 'custom_test_device' }),
    custom_test_signal: new Signal({ name: 'custom_test_signal', value: 0 }),
    custom_test_flyer: new MockFlyer('custom_test_flyer', { motor, detector: det }, { start: 1, stop: 5, num: 20 }),
    sim_bundle_A: new SimBundle({ name: 'sim_bundle_A' }, hardware),
    sim_bundle_B: new SimBundle({ name: 'sim_bundle_B' }, hardware),
  };
}

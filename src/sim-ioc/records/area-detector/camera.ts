import { setTimeout as delay } from 'node:timers/promises';
import { AnalogRecord } from '../analog.ts';
import { BusyRecord } from '../busy.ts';
import { DiscreteRecord } from '../discrete.ts';
import { Pairs } from './pairs.ts';

const STATES = ['Idle', 'Acquire', 'Readout', 'Correct', 'Saving', 'Aborting', 'Error', 'Waiting'];
const NO_YES = ['No', 'Yes'];

/** Who takes the frames of a camera. */
export interface FramePlugin {
  frame(): void;
}

/**
 * `cam1:` of an area detector. Writing `Acquire` 1 takes `NumImages` frames, or one, or frames until it is stopped, by
 * `ImageMode`; a put-callback to it is answered when the camera is idle again. Writing 0 ends it after the frame.
 */
export class SimCamera extends Pairs {
  readonly plugins: FramePlugin[] = [];
  readonly acquire: BusyRecord;
  readonly state: DiscreteRecord;
  readonly counter: AnalogRecord;
  readonly #time: AnalogRecord;
  readonly #count: AnalogRecord;
  readonly #mode: DiscreteRecord;
  readonly #isAcquiring: DiscreteRecord;
  #stop = new AbortController();

  constructor(prefix: string, size: { x: number; y: number }) {
    super(`${prefix}cam1:`);
    const at = `${prefix}cam1:`;
    this.#time = this.number('AcquireTime', 'ao', { value: 0.01, units: 's', precision: 3 });
    this.number('AcquirePeriod', 'ao', { value: 0, units: 's', precision: 3 });
    this.#count = this.number('NumImages', 'longout', { value: 1 });
    this.#mode = this.choice('ImageMode', ['Single', 'Multiple', 'Continuous'], { value: 2 });
    this.choice('TriggerMode', ['Internal', 'External']);
    this.choice('ArrayCallbacks', ['Disable', 'Enable'], { value: 1 });
    this.choice('WaitForPlugins', NO_YES);
    this.choice('DataType', ['Int8', 'UInt8', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Float32', 'Float64'], {
      value: 1,
    });
    this.counter = this.number('ArrayCounter', 'longout');
    this.state = this.add(new DiscreteRecord(`${at}DetectorState_RBV`, 'mbbi', { states: STATES }));
    this.add(new AnalogRecord(`${at}ArraySizeX_RBV`, 'longin', { value: size.x }));
    this.add(new AnalogRecord(`${at}ArraySizeY_RBV`, 'longin', { value: size.y }));
    this.#isAcquiring = this.add(new DiscreteRecord(`${at}Acquire_RBV`, 'bi', { states: ['Done', 'Acquiring'] }));
    this.acquire = this.add(
      new BusyRecord(`${at}Acquire`, {
        states: ['Done', 'Acquire'],
        device: (signal) => (this.acquire.value.number === 0 ? undefined : this.#acquire(signal)),
        stop: () => this.#stop.abort(),
      }),
    );
  }

  async #acquire(closing: AbortSignal): Promise<void> {
    this.#stop = new AbortController();
    const stop = this.#stop.signal;
    const mode = this.#mode.value.number;
    const frames = [1, this.#count.value.number, Infinity][mode] ?? 1;
    this.state.update(STATES.indexOf('Acquire'));
    this.#isAcquiring.update(1);
    for (let taken = 0; taken < frames && !stop.aborted; taken++) {
      await delay(this.#time.value.number * 1000, undefined, { signal: closing });
      this.#frame();
    }
    this.state.update(0);
    this.#isAcquiring.update(0);
    this.acquire.update(0);
  }

  #frame(): void {
    const count = this.counter.value.number + 1;
    this.counter.update(count);
    for (const plugin of this.plugins) plugin.frame();
  }
}

import { both } from '../status.ts';
import type { DeviceStatus } from '../status.ts';
import { Device } from './device.ts';
import type { Place } from './part.ts';
import { Signal } from './signal.ts';
import { SynSignal } from './syn-signal.ts';

/** Two values at random. */
export class ABDetector extends Device {
  static override readonly pythonModule = 'ophyd.sim';
  readonly a: SynSignal;
  readonly b: SynSignal;

  constructor(place: Place) {
    super(place);
    this.a = this.add('a', 'hinted', (part) => new SynSignal({ ...part, compute: Math.random }));
    this.b = this.add('b', 'normal', (part) => new SynSignal({ ...part, compute: Math.random }));
  }

  override trigger(): DeviceStatus {
    return both(this.a.trigger(), this.b.trigger());
  }
}

/** Two values that are read, and two that are its configuration. */
export class DetWithConf extends Device {
  static override readonly pythonModule = 'ophyd.sim';
  readonly a: SynSignal;
  readonly b: SynSignal;

  constructor(place: Place) {
    super(place);
    this.a = this.add('a', 'hinted', (part) => new SynSignal({ ...part, dtype: 'integer', compute: () => 1 }));
    this.b = this.add('b', 'hinted', (part) => new SynSignal({ ...part, dtype: 'integer', compute: () => 2 }));
    this.add('c', 'config', (part) => new SynSignal({ ...part, dtype: 'integer', compute: () => 3 }));
    this.add('d', 'config', (part) => new SynSignal({ ...part, dtype: 'integer', compute: () => 4 }));
  }

  override trigger(): DeviceStatus {
    return both(this.a.trigger(), this.b.trigger());
  }
}

/** A detector whose count time can be set. */
export class DetWithCountTime extends Device {
  static override readonly pythonModule = 'ophyd.sim';
  readonly countTime: Signal;

  constructor(place: Place) {
    super(place);
    this.add('intensity', 'hinted', (part) => new SynSignal({ ...part, dtype: 'integer', compute: () => 0 }));
    this.countTime = this.add('count_time', 'normal', (part) => new Signal({ ...part, value: 0 }));
  }
}

type Image = readonly (readonly number[])[];

/** An image that is part of each event. */
export class DirectImage extends Device {
  static override readonly pythonModule = 'ophyd.sim';
  readonly img: SynSignal<Image>;

  constructor({ image, field, ...place }: Place & { image: () => Image; field: string }) {
    super(place);
    const first = image();
    const shape = [first.length, first[0]?.length ?? 0];
    this.img = this.add(
      'img',
      'hinted',
      (part) => new SynSignal<Image>({ ...part, dtype: 'array', shape, compute: image }),
      field,
    );
  }

  override trigger(): DeviceStatus {
    return this.img.trigger();
  }
}

import type { Readings } from '../protocols.ts';
import type { DeviceStatus } from '../status.ts';
import { Device } from './device.ts';
import type { Place } from './part.ts';
import { EnumSignal, Signal } from './signal.ts';
import { SynSignal } from './syn-signal.ts';

const NOISES = ['none', 'poisson', 'uniform'] as const;
type Noise = (typeof NOISES)[number];

/** An axis that can be read at once, and the field of it that counts. */
export interface Along {
  motor: { read(): Readings };
  field: string;
}

export interface PeakOptions extends Place {
  Imax: number;
  sigma?: number;
  noise?: Noise;
  noiseMultiplier?: number;
}

/** What detectors of a peak have in common; `squaredDistance` is from where they look to the centre. */
abstract class Peak<C> extends Device {
  readonly val: SynSignal;
  readonly imax: Signal;
  readonly center: Signal<C>;
  readonly sigma: Signal;
  readonly noise: EnumSignal<Noise>;
  readonly noiseMultiplier: Signal;

  constructor(options: PeakOptions, makeCenter: (place: Required<Place>) => Signal<C>) {
    super(options);
    const { Imax, sigma = 1, noise = 'none', noiseMultiplier = 1 } = options;
    // The value is computed from the others, which come after it in what is described.
    let compute = (): number => 0;
    this.val = this.add('val', 'hinted', (place) => new SynSignal({ ...place, compute: () => compute() }), this.name);
    this.imax = this.add('Imax', 'config', (place) => new Signal({ ...place, value: Imax }));
    this.center = this.add('center', 'config', makeCenter);
    this.sigma = this.add('sigma', 'config', (place) => new Signal({ ...place, value: sigma }));
    this.noise = this.add('noise', 'config', (place) => new EnumSignal({ ...place, value: noise, words: NOISES }));
    this.noiseMultiplier = this.add(
      'noise_multiplier',
      'config',
      (place) => new Signal({ ...place, value: noiseMultiplier }),
    );
    compute = () => this.#compute();
  }

  override trigger(): DeviceStatus {
    return this.val.trigger();
  }

  override subscribe(callback: (readings: Readings) => void): void {
    this.val.subscribe(callback);
  }

  override clearSub(callback: (readings: Readings) => void): void {
    this.val.clearSub(callback);
  }

  protected abstract squaredDistance(): number;

  #compute(): number {
    const value = this.imax.get() * Math.exp(-this.squaredDistance() / (2 * this.sigma.get() ** 2));
    switch (this.noise.get()) {
      case 'poisson':
        return poissonRandom(Math.round(value));
      case 'uniform':
        return value + (2 * Math.random() - 1) * this.noiseMultiplier.get();
      default:
        return value;
    }
  }
}

/** A detector that sees a peak along one axis. */
export class SynGauss extends Peak<number> {
  static override readonly pythonModule = 'ophyd.sim';
  readonly #along: Along;

  constructor({ along, center, ...options }: PeakOptions & { along: Along; center: number }) {
    super(options, (place) => new Signal({ ...place, value: center }));
    this.#along = along;
    this.trigger();
  }

  protected override squaredDistance(): number {
    return (positionOf(this.#along) - this.center.get()) ** 2;
  }
}

/** A detector that sees a round peak in a plane. */
export class Syn2DGauss extends Peak<readonly number[]> {
  static override readonly pythonModule = 'ophyd.sim';
  readonly #along: readonly [Along, Along];

  constructor({
    along,
    center,
    ...options
  }: PeakOptions & { along: [Along, Along]; center: readonly [number, number] }) {
    super(options, (place) => new Signal<readonly number[]>({ ...place, value: center, dtype: 'array', shape: [2] }));
    this.#along = along;
    this.trigger();
  }

  protected override squaredDistance(): number {
    const [x = 0, y = 0] = this.center.get();
    const [alongX, alongY] = this.#along;
    return (positionOf(alongX) - x) ** 2 + (positionOf(alongY) - y) ** 2;
  }
}

const positionOf = ({ motor, field }: Along): number => motor.read()[field]?.value as number;

/** Counts where `mean` are expected (Knuth); the means here are small. */
function poissonRandom(mean: number): number {
  const limit = Math.exp(-mean);
  let counts = 0;
  for (let product = Math.random(); product > limit; product *= Math.random()) counts += 1;
  return counts;
}

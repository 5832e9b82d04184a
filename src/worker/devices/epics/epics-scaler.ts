import { Device } from '../device.ts';
import type { Kind, Place } from '../part.ts';
import { DeviceStatus } from '../status.ts';
import { EpicsSignal, EpicsSignalRO } from './epics-signal.ts';

const MAX_CHANNELS = 32;
/** CONT: one count for each trigger, or counting again and again by itself. */
type ContState = 'OneShot' | 'AutoCount';

export interface ScalerOptions extends Place {
  /** Channels that are connected to something, by number from 1, and what each is called. Channel 1 is the clock. */
  channels: Readonly<Record<number, string>>;
  /** Seconds that a count may take beyond its preset time. Default 10. */
  spare?: number;
}

/**
 * An EPICS scaler record. A trigger counts for the preset time (`preset_time`, TP); it is done when counting has ended,
 * and then the counts are read over the wire, because a monitor's last value may be one of a count under way.
 */
export class EpicsScaler extends Device {
  static override readonly pythonModule: string = 'ophyd.scaler';

  readonly count: EpicsSignal<number | string>;
  readonly mode: EpicsSignal<ContState>;
  readonly presetTime: EpicsSignal<number>;
  readonly #spare: number;
  #modeBefore: ContState | undefined;
  #isCounting = false;
  /** Staging cannot wait: the first trigger does. */
  #preparing: Promise<void> = Promise.resolve();

  /** `new EpicsScaler('BL:scaler1', { name: 'scaler1', channels: { 1: 'clock', 2: 'i0' } })` */
  constructor(prefix: string, { channels, spare = 10, ...place }: ScalerOptions) {
    super(place);
    this.#spare = spare;
    const field = <T>(attribute: string, kind: Kind, suffix: string): EpicsSignal<T> =>
      this.add(attribute, kind, (part) => new EpicsSignal<T>(`${prefix}.${suffix}`, part));
    this.add('time', 'normal', (part) => new EpicsSignalRO(`${prefix}.T`, { ...part, cached: false }));
    for (const [channel, name] of Object.entries(channels)) {
      if (!(Number(channel) >= 1 && Number(channel) <= MAX_CHANNELS)) {
        throw new RangeError(`${this.name}: a scaler's channels are 1 to ${MAX_CHANNELS}, received ${channel}`);
      }
      const source = `${prefix}.S${channel}`;
      const make = (part: Required<Place>) => new EpicsSignalRO(source, { ...part, cached: false });
      this.add(`chan${channel}`, 'hinted', make, `${this.name}_${name}`);
      field(`name${channel}`, 'config', `NM${channel}`);
    }
    this.count = field('count', 'omitted', 'CNT');
    this.mode = field('count_mode', 'config', 'CONT');
    this.presetTime = field('preset_time', 'config', 'TP');
    field('freq', 'config', 'FREQ');
    field('delay', 'config', 'DLY');
    field('auto_count_delay', 'config', 'DLY1');
    field('auto_count_time', 'config', 'TP1');
    field('egu', 'config', 'EGU');
  }

  /** Whether a count of this object is under way. */
  get isMoving(): boolean {
    return this.#isCounting;
  }

  trigger(): DeviceStatus {
    const status = new DeviceStatus({ of: `a count of ${this.name}` });
    this.#isCounting = true;
    this.#carryOut()
      .finally(() => (this.#isCounting = false))
      .then(
        () => status.setFinished(),
        (error: Error) => status.setException(error),
      );
    return status;
  }

  /** Ends a count; what was counted so far stays. */
  async stop(): Promise<void> {
    await this.count.put(0, { wait: false });
  }

  /** From here it counts once for each trigger, whatever it did before; unstaging puts that back. */
  override stage(): unknown[] {
    const staged = super.stage();
    this.#preparing = this.#oneShot();
    this.#preparing.catch(() => undefined); // the first trigger fails with it
    return staged;
  }

  override unstage(): unknown[] {
    const before = this.#modeBefore;
    this.#modeBefore = undefined;
    if (before !== undefined) this.mode.put(before).catch(() => undefined); // a lost IOC has its own default
    return super.unstage();
  }

  async #oneShot(): Promise<void> {
    this.#modeBefore = await this.mode.get();
    if (this.#modeBefore !== 'OneShot') await this.mode.put('OneShot');
  }

  async #carryOut(): Promise<void> {
    await this.#preparing;
    const preset = await this.presetTime.get();
    await this.count.put(1, { wait: true, timeout: preset + this.#spare });
  }
}

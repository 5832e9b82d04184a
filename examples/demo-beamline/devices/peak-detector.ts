import { Device, type DeviceStatus, EpicsSignal, EpicsSignalRO, type Place } from 'beamgate/startup';

/**
 * A detector that counts when it is asked to: a trigger is a put-callback of `acquire`, which ends with the exposure. Its
 * count is read anew each time, because a monitor's last value may be one from before the exposure.
 */
export class PeakDetector extends Device {
  readonly acquire: EpicsSignal<string>;

  constructor(prefix: string, place: Place) {
    super(place);
    this.add('counts', 'hinted', (part) => new EpicsSignalRO<number>(prefix, { ...part, cached: false }), this.name);
    this.acquire = this.add('acquire', 'omitted', (part) => new EpicsSignal<string>(`${prefix}:acquire`, part));
  }

  trigger(): DeviceStatus {
    return this.acquire.set('Acquire');
  }
}

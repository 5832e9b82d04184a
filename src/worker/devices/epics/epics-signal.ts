import { Signal } from '../signal/signal.ts';
import { type SignalOptions, SignalRO } from '../signal/signal-ro.ts';

/** `BGDEMO:m1` means Channel Access; another transport is named. */
export const sourceOf = (pv: string): string => (pv.includes('://') ? pv : `ca://${pv}`);

/** A PV that is read: `new EpicsSignalRO('BGDEMO:m1.RBV', { name: 'readback' })`. */
export class EpicsSignalRO<T = unknown> extends SignalRO<T> {
  static override readonly pythonName: string = 'EpicsSignalRO';

  constructor(pv: string, options: SignalOptions) {
    super(sourceOf(pv), options);
  }
}

export interface EpicsSignalOptions extends SignalOptions {
  /** The PV that is written, where it is another one. */
  write?: string;
  /** A set is done when the readback is that near; by default when the put-callback says so. */
  tolerance?: number | 'precision';
}

/** A PV that is read and written. A set is a put-callback: done when the record has done all that it set off. */
export class EpicsSignal<T = unknown> extends Signal<T> {
  static override readonly pythonName: string = 'EpicsSignal';

  constructor(pv: string, { write, ...options }: EpicsSignalOptions) {
    super(sourceOf(pv), { ...options, ...(write === undefined ? {} : { write: sourceOf(write) }) });
  }

  /** The pair that area detectors have: `X` is written, `X_RBV` is read. */
  static withReadback<T>(pv: string, options: Omit<EpicsSignalOptions, 'write'>): EpicsSignal<T> {
    return new EpicsSignal<T>(`${pv}_RBV`, { ...options, write: pv });
  }
}

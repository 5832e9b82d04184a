import type { Plan } from '../../run-engine/messages.ts';
import type { Device } from '../device-family.ts';
import { baselineWrapper } from './baseline.ts';
import { flyDuringWrapper, monitorDuringWrapper } from './during.ts';

/**
 * What every run records beside its own readings; a preprocessor of the RunEngine. The lists may be changed at any time
 * and hold for the plans that start afterwards.
 */
export class SupplementalData {
  readonly baseline: Device[];
  readonly monitors: Device[];
  readonly flyers: Device[];

  constructor({
    baseline = [],
    monitors = [],
    flyers = [],
  }: Partial<Record<'baseline' | 'monitors' | 'flyers', Device[]>>) {
    this.baseline = [...baseline];
    this.monitors = [...monitors];
    this.flyers = [...flyers];
  }

  /** Flyers fly inside the monitors, and both inside the baseline readings. */
  readonly preprocess = <R>(plan: Plan<R>): Plan<R> =>
    baselineWrapper(monitorDuringWrapper(flyDuringWrapper(plan, this.flyers), this.monitors), this.baseline);
}

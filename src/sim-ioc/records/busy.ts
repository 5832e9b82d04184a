import { DiscreteRecord } from './discrete.ts';
import type { Field } from './field.ts';
import type { DeviceSupport } from './output-record.ts';
import type { FieldValue } from './value.ts';

export interface BusyOptions {
  readonly states: readonly [off: string, on: string];
  /** What writing 1 sets going; the record is to be updated to 0 when it has ended. */
  readonly device: DeviceSupport;
  /** Called when 0 is written meanwhile. */
  readonly stop: () => void;
}

/** A `busy` record: a put-callback of 1 is answered when what it set going has ended, a 0 that ends it, too. */
export class BusyRecord extends DiscreteRecord {
  readonly #stop: () => void;

  constructor(name: string, { states, device, stop }: BusyOptions) {
    super(name, 'bo', { states, device });
    this.#stop = stop;
  }

  protected override store(field: Field, value: FieldValue): void {
    super.store(field, value);
    if (field === this.value && this.isBusy && field.number === 0) this.#stop();
  }
}

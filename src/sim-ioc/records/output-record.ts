import type { Alarm } from './alarm.ts';
import { NO_ALARM } from './alarm.ts';
import { CHANGE, type Field } from './field.ts';
import { EpicsRecord } from './record.ts';
import type { FieldValue } from './value.ts';

/**
 * The hardware behind a record: called when the record processes. While the returned promise is pending the record is
 * active; the signal is aborted when the IOC closes.
 */
export type DeviceSupport = (signal: AbortSignal) => Promise<void> | void;

export interface OutputOptions {
  readonly description?: string;
  readonly device?: DeviceSupport;
}

/** A record with one value that clients write and that goes to a device: everything but motors and scalers. */
export abstract class OutputRecord extends EpicsRecord {
  readonly #device: DeviceSupport | undefined;
  #isActive = false;
  #hasFailed = false;

  constructor(name: string, recordType: string, { description, device }: OutputOptions) {
    super(name, recordType, description);
    this.#device = device;
  }

  get value(): Field {
    return this.field('VAL');
  }

  protected override get isBusy(): boolean {
    return this.#isActive;
  }

  /** From inside the IOC: the value is there, as if it had been read from hardware. */
  update(value: FieldValue): void {
    this.store(this.value, value);
    this.#publish();
  }

  protected override process(): void {
    const going = this.#device?.(this.closing);
    // A function that gives something else than a promise is as good as one that gives nothing.
    if (!(going instanceof Promise)) return this.#end(false);
    this.#isActive = true;
    this.showActive(true);
    void going.then(
      () => this.#end(false),
      () => this.#end(true),
    );
  }

  protected override ownAlarm(): Alarm {
    return this.#hasFailed ? { condition: 'WRITE', severity: 'INVALID' } : NO_ALARM;
  }

  /** Which kinds of change the present value is; 0 when it lies within the dead-bands. */
  protected abstract changeOfValue(): number;

  #end(hasFailed: boolean): void {
    if (this.closing.aborted) return;
    this.#hasFailed = hasFailed;
    if (this.#isActive) {
      this.#isActive = false;
      this.showActive(false);
    }
    this.#publish();
    this.ended();
  }

  #publish(): void {
    this.stamp();
    const kinds = this.refreshAlarm() | this.changeOfValue();
    if (kinds !== 0) this.value.announce(kinds);
  }
}

export const VALUE_AND_LOG = CHANGE.VALUE | CHANGE.LOG;

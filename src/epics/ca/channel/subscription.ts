import { EVENT_MASK } from '../codec/commands.ts';
import type { CaReading } from '../codec/dbr.ts';
import type { DbrForm, NativeType } from '../codec/dbr-types.ts';
import type { CaError } from '../errors.ts';
import { Monitor } from './monitor.ts';
import type { SharedChannel } from './shared-channel.ts';

export interface SubscribeOptions {
  /** Default `time`: the only form that tells an empty array from a channel that was cancelled. */
  form?: DbrForm;
  /** Let the server convert. Default: the channel's own type, whatever that is after a restart. */
  type?: NativeType;
  /** Default 0: as many elements as there are at each event. */
  count?: number;
  /** Bits of EVENT_MASK. Default VALUE | ALARM. */
  mask?: number;
  /** The server refuses the monitor or cannot read the record; the subscription stays. */
  onError?: (error: CaError) => void;
}

/** A monitor as its user holds it: events come at once with the present value, and again after each reconnection. */
export class CaSubscription {
  readonly #channel: SharedChannel;
  readonly #monitor: Monitor;
  readonly #onCancel: (subscription: CaSubscription) => void;
  #isActive = true;

  /** @internal Made by `CaChannel.subscribe()`. */
  constructor(parts: {
    channel: SharedChannel;
    onReading: (reading: CaReading) => void;
    onCancel: (subscription: CaSubscription) => void;
    options: SubscribeOptions;
  }) {
    const { channel, onReading, onCancel, options } = parts;
    this.#channel = channel;
    this.#onCancel = onCancel;
    this.#monitor = new Monitor({
      name: channel.name,
      form: options.form ?? 'time',
      type: options.type ?? null,
      count: options.count ?? 0,
      mask: options.mask ?? EVENT_MASK.VALUE | EVENT_MASK.ALARM,
      onReading,
      onError: options.onError ?? (() => undefined),
    });
    channel.addMonitor(this.#monitor);
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** No event comes after this. Twice is once. */
  cancel(): void {
    if (!this.#isActive) return;
    this.#isActive = false;
    this.#channel.removeMonitor(this.#monitor);
    this.#onCancel(this);
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

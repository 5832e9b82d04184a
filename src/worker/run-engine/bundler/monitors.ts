import type { HasName, Readings, Subscribable, SyncOrAsync } from '../../devices/protocols.ts';
import { requireSupport } from '../capabilities.ts';
import type { DocumentMaking } from '../documents.ts';
import { IllegalMessageSequence } from '../errors.ts';
import { whenReady } from '../sync-or-async.ts';
import { inParallel } from './stream-cache.ts';
import type { Streams } from './streams.ts';

type Listener = (readings: Readings) => void;

/** Signals that write an event at each change, in a stream of their own, apart from what the plan reads. */
export class Monitors {
  readonly #making: DocumentMaking;
  readonly #streams: Streams;
  readonly #report: (error: unknown) => void;
  readonly #listeners = new Map<Subscribable, Listener>();

  constructor(making: DocumentMaking, streams: Streams, report: (error: unknown) => void) {
    this.#making = making;
    this.#streams = streams;
    this.#report = report;
  }

  start(object: unknown, name: string): SyncOrAsync<void> {
    const signal = requireSupport(object, 'Subscribable');
    if (this.#listeners.has(signal)) {
      throw new IllegalMessageSequence(`A 'monitor' message was sent for ${signal.name} which is already monitored`);
    }
    const cache = this.#streams.cache(name);
    return whenReady(cache.ensure(signal), () => {
      const stream = this.#streams.prepare(name, new Map([[signal as HasName, cache.description(signal)]]));
      // A signal calls from its own place, where an error would reach nobody and could stop its other listeners.
      const listener = (readings: Readings): void => {
        try {
          const { data, timestamps } = inParallel(readings);
          this.#making.emit('event', stream.event(data, timestamps));
        } catch (error) {
          this.#report(error);
        }
      };
      this.#listeners.set(signal, listener);
      signal.subscribe(listener);
    });
  }

  stop(object: unknown): void {
    const signal = requireSupport(object, 'Subscribable');
    const listener = this.#listeners.get(signal);
    if (listener === undefined) {
      throw new IllegalMessageSequence(`Cannot 'unmonitor' ${signal.name}; it is not being monitored.`);
    }
    this.#listeners.delete(signal);
    signal.clearSub(listener);
  }

  /** For the time of a pause. */
  suspend(): void {
    for (const [signal, listener] of this.#listeners) this.#try(() => signal.clearSub(listener));
  }

  restore(): void {
    for (const [signal, listener] of this.#listeners) this.#try(() => signal.subscribe(listener));
  }

  clear(): void {
    this.suspend();
    this.#listeners.clear();
  }

  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#report(error);
    }
  }
}

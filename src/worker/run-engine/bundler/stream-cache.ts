import type { DataKeys, HasName, Readings, SyncOrAsync } from '../../devices/protocols.ts';
import { requireSupport, supports } from '../capabilities.ts';
import type { DeviceConfiguration } from '../documents.ts';
import { allReady, whenReady } from '../sync-or-async.ts';

/**
 * What the devices of one stream said about themselves. A device is asked once a stream, and its configuration again
 * after each `configure`.
 */
export class StreamCache {
  readonly #described = new Map<HasName, DataKeys>();
  readonly #configured = new Map<HasName, DeviceConfiguration>();

  /** Asks what was not asked yet. Synchronous when the device answers at once, or was asked before. */
  ensure(object: HasName, options: { isCollected?: boolean } = {}): SyncOrAsync<void> {
    const isDescribed = options.isCollected === true || this.#described.has(object);
    if (isDescribed && this.#configured.has(object)) return undefined;
    const questions = [isDescribed ? undefined : this.#describe(object), this.#configure(object)];
    return whenReady(allReady(questions), () => undefined);
  }

  /** What a collected device said of this stream; it was asked elsewhere. */
  keepDescription(object: HasName, dataKeys: DataKeys): void {
    this.#described.set(object, dataKeys);
  }

  description(object: HasName): DataKeys {
    const dataKeys = this.#described.get(object);
    if (dataKeys === undefined) throw new Error(`${object.name} was not described before it was needed`);
    return dataKeys;
  }

  configuration(object: HasName): DeviceConfiguration {
    return this.#configured.get(object) ?? { data: {}, timestamps: {}, data_keys: {} };
  }

  knows(object: HasName): boolean {
    return this.#configured.has(object);
  }

  /** After a `configure`: the values are others, the keys are not. */
  refreshConfiguration(object: HasName): SyncOrAsync<void> {
    return this.#configure(object);
  }

  #describe(object: HasName): SyncOrAsync<void> {
    return whenReady(requireSupport(object, 'Readable').describe(), (dataKeys) => {
      this.#described.set(object, dataKeys);
    });
  }

  #configure(object: HasName): SyncOrAsync<void> {
    if (!supports(object, 'Configurable')) {
      this.#configured.set(object, { data: {}, timestamps: {}, data_keys: {} });
      return undefined;
    }
    return whenReady(object.describeConfiguration(), (dataKeys) =>
      whenReady(object.readConfiguration(), (readings) => {
        this.#configured.set(object, { ...inParallel(readings), data_keys: dataKeys });
      }),
    );
  }
}

/** Readings of `{ value, timestamp }` as values on one side and timestamps on the other, as documents have them. */
export function inParallel(readings: Readings): { data: Record<string, unknown>; timestamps: Record<string, number> } {
  const data: Record<string, unknown> = {};
  const timestamps: Record<string, number> = {};
  for (const key in readings) {
    const reading = readings[key];
    if (reading === undefined) continue;
    data[key] = reading.value;
    timestamps[key] = reading.timestamp;
  }
  return { data, timestamps };
}

import type { AssetDocument, DataKeys, PartialEvent, Readings } from '../../src/worker/devices/protocols.ts';
import { NoReplayAllowed } from '../../src/worker/run-engine/errors.ts';
import { DeviceStatus } from '../../src/worker/devices/status.ts';
import type { Fields, RecordedDocument, Recording } from './runengine-recording.ts';

/** Where the replay has come to: the documents that are still to be emitted. */
export interface Progress {
  readonly emitted: number;
  /** The stream whose bundle is open. */
  readonly bundle: string | undefined;
}

/**
 * A device made of what was recorded of it: it describes itself as the descriptors say, and reads what the next event
 * says. What nobody recorded, because it was read outside of an event, reads as 0.
 */
export class RecordedDevice {
  readonly name: string;
  readonly hints: unknown;
  readonly #recording: Recording;
  readonly #progress: Progress;
  readonly #isReplayable: boolean;
  readonly getIndex: (() => number) | undefined;
  readonly listeners = new Set<(readings: Readings) => void>();

  constructor(name: string, recording: Recording, about: { progress: Progress; isReplayable: boolean }) {
    this.name = name;
    this.#recording = recording;
    this.#progress = about.progress;
    this.#isReplayable = about.isReplayable;
    this.hints = this.#descriptors()[0]?.['hints'][name];
    const writesFrames = this.#descriptors().some((one) =>
      Object.values(this.#keysOf(one)).some(({ external }) => external === 'STREAM:'),
    );
    if (writesFrames) this.getIndex = () => 1;
  }

  describe(): DataKeys {
    const descriptor = this.#descriptors().find(({ name }) => name === this.#progress.bundle) ?? this.#descriptors()[0];
    return this.#keysOf(descriptor);
  }

  read(): Readings {
    const keys = Object.entries(this.describe()).filter(([, dataKey]) => dataKey.external !== 'STREAM:');
    const data = this.#nextEvent(keys.map(([key]) => key))?.['data'] ?? {};
    return Object.fromEntries(keys.map(([key]) => [key, { value: data[key] ?? 0, timestamp: 0 }]));
  }

  describeConfiguration(): DataKeys {
    return this.#configuration().data_keys;
  }

  readConfiguration(): Readings {
    const { data } = this.#configuration();
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value, timestamp: 0 }]));
  }

  configure(): [Readings, Readings] {
    return [this.readConfiguration(), this.readConfiguration()];
  }

  set = (): DeviceStatus => DeviceStatus.finished();
  trigger = (): DeviceStatus => DeviceStatus.finished();
  prepare = (): DeviceStatus => DeviceStatus.finished();
  kickoff = (): DeviceStatus => DeviceStatus.finished();
  complete = (): DeviceStatus => DeviceStatus.finished();
  stop = (): void => undefined;
  stage = (): unknown[] => [this];
  unstage = (): unknown[] => [this];
  locate = (): { setpoint: number; readback: number } => ({ setpoint: 0, readback: 0 });

  pause(): void {
    if (!this.#isReplayable) throw new NoReplayAllowed();
  }

  resume(): void {}

  subscribe(listener: (readings: Readings) => void): void {
    this.listeners.add(listener);
  }

  clearSub(listener: (readings: Readings) => void): void {
    this.listeners.delete(listener);
  }

  /** The documents about files that come before the next event, as the device would give them. */
  collectAssetDocs(): AssetDocument[] {
    const found: AssetDocument[] = [];
    const datums = new Set<string>();
    for (const [name, document] of this.#ahead()) {
      if (name === 'event' || name === 'event_page' || name === 'stop') break;
      if (!this.#isMine(name, document)) continue;
      // Once more the same resource: that belongs to the next collection.
      if (name === 'stream_datum' && datums.has(document['stream_resource'])) break;
      if (name === 'stream_datum') datums.add(document['stream_resource']);
      found.push([name as AssetDocument[0], asGiven(name, document)]);
    }
    return found;
  }

  /** Flat where the stream was declared before, else by stream. */
  describeCollect(): DataKeys | Record<string, DataKeys> {
    const descriptors = this.#ahead().flatMap(([name, document]) =>
      name === 'descriptor' && this.name in document['object_keys'] ? [document] : [],
    );
    const [first] = descriptors;
    if (this.#isDeclared()) return this.#keysOf(first);
    return Object.fromEntries(descriptors.map((one) => [one['name'], this.#keysOf(one)]));
  }

  *collect(): Iterable<PartialEvent> {
    const streams = new Set<string>();
    const own = new Set(this.#descriptors().map(({ uid }) => uid));
    for (const [name, page] of this.#ahead()) {
      if (name === 'stop') return;
      if (name !== 'event_page' || !own.has(page['descriptor'])) continue;
      if (streams.has(page['descriptor'])) return;
      streams.add(page['descriptor']);
      for (const index of (page['uid'] as string[]).keys()) yield eventOf(page, index);
    }
  }

  #isDeclared(): boolean {
    return this.#recording.messages.some(
      ({ command, args }) =>
        command === 'declare_stream' && args.some((one) => (one as { $dev?: string }).$dev === this.name),
    );
  }

  #isMine(name: string, document: Fields): boolean {
    const keys = Object.entries(this.describe());
    if (name === 'stream_resource') return keys.some(([key]) => key === document['data_key']);
    if (name === 'stream_datum') {
      const resource = this.#recording.documents.find(([, one]) => one['uid'] === document['stream_resource'])?.[1];
      return keys.some(([key]) => key === resource?.['data_key']);
    }
    if (name !== 'resource' && name !== 'datum') return false;
    return this.#descriptors().some((descriptor) =>
      Object.values(this.#keysOf(descriptor)).some(({ external }) => external !== undefined && external !== 'STREAM:'),
    );
  }

  #nextEvent(keys: readonly string[]): Fields | undefined {
    return this.#ahead().find(
      ([name, document]) => name === 'event' && keys.some((key) => key in document['data']),
    )?.[1];
  }

  #ahead(): RecordedDocument[] {
    return this.#recording.documents.slice(this.#progress.emitted);
  }

  #descriptors(): Fields[] {
    const all = this.#recording.documents.filter(
      ([name, document]) => name === 'descriptor' && this.name in document['object_keys'],
    );
    const ahead = this.#ahead();
    return [...ahead.filter((one) => all.includes(one)), ...all].map(([, document]) => document);
  }

  #configuration(): { data: Record<string, unknown>; data_keys: DataKeys } {
    return this.#descriptors()[0]?.['configuration'][this.name] ?? { data: {}, data_keys: {} };
  }

  #keysOf(descriptor: Fields | undefined): DataKeys {
    if (descriptor === undefined) return {};
    const keys: string[] = descriptor['object_keys'][this.name] ?? [];
    return Object.fromEntries(
      keys.map((key) => {
        const { object_name: _, ...dataKey } = descriptor['data_keys'][key];
        return [key, dataKey];
      }),
    );
  }
}

/** A document as it was before the RunEngine filled in what the device cannot know. */
function asGiven(name: string, document: Fields): Record<string, unknown> {
  const { run_start: _, ...given } = document;
  return name === 'stream_datum' ? { ...given, descriptor: '', seq_nums: { start: 0, stop: 0 } } : given;
}

function eventOf(page: Fields, index: number): PartialEvent {
  const data = Object.fromEntries(Object.entries<unknown[]>(page['data']).map(([key, column]) => [key, column[index]]));
  const timestamps = Object.fromEntries(Object.keys(data).map((key) => [key, 0]));
  if (Object.keys(page['filled']).length === 0) return { data, timestamps, time: 0 };
  const filled = Object.fromEntries(
    Object.entries<boolean[]>(page['filled']).map(([key, one]) => [key, one[index] === true]),
  );
  return { data, timestamps, time: 0, filled };
}

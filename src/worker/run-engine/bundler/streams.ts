import type { DataKeys, HasHints, HasName, SyncOrAsync } from '../../devices/protocols.ts';
import type { DescriptorDocument, DocumentMaking } from '../documents.ts';
import { allReady, whenReady } from '../sync-or-async.ts';
import { Stream } from './stream.ts';
import { StreamCache } from './stream-cache.ts';

/** The streams of one run. */
export class Streams {
  readonly #making: DocumentMaking;
  readonly #run: string;
  readonly #streams = new Map<string, Stream>();
  readonly #caches = new Map<string, StreamCache>();

  constructor(making: DocumentMaking, run: string) {
    this.#making = making;
    this.#run = run;
  }

  get(name: string): Stream | undefined {
    return this.#streams.get(name);
  }

  cache(name: string): StreamCache {
    const known = this.#caches.get(name);
    if (known !== undefined) return known;
    const cache = new StreamCache();
    this.#caches.set(name, cache);
    return cache;
  }

  /** Emits the descriptor that these devices make; the stream's first, or a newer one. */
  prepare(name: string, objects: ReadonlyMap<HasName, DataKeys>): Stream {
    const descriptor = this.#descriptor(name, objects);
    const known = this.#streams.get(name);
    if (known !== undefined) known.continueWith(descriptor, objects);
    const stream = known ?? new Stream(this.#making, { descriptor, objects }, { isRewound: true });
    this.#streams.set(name, stream);
    this.#making.emit('descriptor', descriptor);
    return stream;
  }

  /** The stream that tells what happened to the run itself. */
  prepareInterruptions(): Stream {
    const descriptor = this.#descriptor('interruptions', new Map());
    descriptor.data_keys = { interruption: { dtype: 'string', shape: [], source: 'RunEngine' } };
    const stream = new Stream(this.#making, { descriptor, objects: new Map() }, { isRewound: false });
    this.#streams.set('interruptions', stream);
    this.#making.emit('descriptor', descriptor);
    return stream;
  }

  /** After a `configure`: events to come belong to new descriptors, in every stream that holds the device. */
  reconfigure(object: HasName): SyncOrAsync<void> {
    const caches = [...this.#caches.values()].filter((cache) => cache.knows(object));
    return whenReady(allReady(caches.map((cache) => cache.refreshConfiguration(object))), () => {
      for (const stream of this.#streams.values()) {
        if (stream.objects.has(object)) this.prepare(stream.name, stream.objects);
      }
    });
  }

  keepCheckpoint(): void {
    for (const stream of this.#streams.values()) stream.keepCheckpoint();
  }

  forgetCheckpoint(): void {
    for (const stream of this.#streams.values()) stream.forgetCheckpoint();
  }

  rewind(): void {
    for (const stream of this.#streams.values()) stream.rewind();
  }

  eventCounts(): Record<string, number> {
    return Object.fromEntries([...this.#streams.values()].map((stream) => [stream.name, stream.eventCount]));
  }

  #descriptor(name: string, objects: ReadonlyMap<HasName, DataKeys>): DescriptorDocument {
    const cache = this.cache(name);
    const descriptor: DescriptorDocument = {
      configuration: {},
      data_keys: {},
      name,
      object_keys: {},
      run_start: this.#run,
      time: this.#making.clock(),
      uid: this.#making.newUid(),
      object_classes: {},
      hints: {},
    };
    for (const [object, dataKeys] of objects) {
      const { hints } = object as Partial<HasHints>;
      if (hints !== undefined) descriptor.hints[object.name] = hints;
      descriptor.object_keys[object.name] = Object.keys(dataKeys);
      for (const [key, dataKey] of Object.entries(dataKeys)) {
        descriptor.data_keys[key] = { ...dataKey, object_name: object.name };
      }
      descriptor.configuration[object.name] = cache.configuration(object);
    }
    return descriptor;
  }
}

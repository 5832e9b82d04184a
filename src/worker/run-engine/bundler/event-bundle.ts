import type { AssetDocument, DataKeys, HasName, Readings, SyncOrAsync } from '../../devices/protocols.ts';
import { supports } from '../capabilities.ts';
import type { DocumentMaking } from '../documents.ts';
import { IllegalMessageSequence } from '../errors.ts';
import { collected, whenReady } from '../sync-or-async.ts';
import type { AssetPacker } from './asset-packer.ts';
import { inParallel } from './stream-cache.ts';
import type { Stream } from './stream.ts';
import type { Streams } from './streams.ts';

export interface BundleParts {
  making: DocumentMaking;
  streams: Streams;
  assets: AssetPacker;
}

/**
 * The readings between `create` and `save` that become one event. While no bundle is open a `read` only answers its
 * plan.
 */
export class EventBundle {
  readonly #parts: BundleParts;
  #name: string | null = null;
  readonly #objects: HasName[] = [];
  readonly #readings: Readings[] = [];
  #assets: AssetDocument[] = [];

  constructor(parts: BundleParts) {
    this.#parts = parts;
  }

  get isOpen(): boolean {
    return this.#name !== null;
  }

  create(name: string): void {
    if (this.#name !== null) {
      throw new IllegalMessageSequence(
        "A second 'create' message is not allowed until the current event bundle is closed with a 'save' or 'drop' message.",
      );
    }
    this.#name = name;
    this.#objects.length = 0;
    this.#readings.length = 0;
    this.#assets = [];
  }

  read(object: HasName, readings: Readings): SyncOrAsync<void> {
    const name = this.#name;
    if (name === null) return undefined;
    return whenReady(this.#parts.streams.cache(name).ensure(object), () => {
      this.#refuseCollision(name, object);
      this.#objects.push(object);
      this.#readings.push(readings);
      return this.#takeAssets(object);
    });
  }

  /** A bundle that nothing was read into makes no event. */
  save(): void {
    const name = this.#name;
    if (name === null) throw notCreated('saved', 'save');
    this.#name = null;
    if (this.#objects.length === 0) return;
    const stream = this.#streamOf(name);
    const frames = this.#parts.assets.pack(this.#assets, stream);
    if (frames > 1) {
      throw new Error(
        'Received multiple indices in a `stream_datum` document for one event, during a `read()` `save()`. ' +
          '`stream_datum` should have indices {"start": n, "stop": n+1} in a `read()` `save()`.',
      );
    }
    const { data, timestamps } = inParallel(this.#merged());
    this.#parts.making.emit('event', stream.event(data, timestamps));
  }

  drop(): void {
    if (this.#name === null) throw notCreated('dropped', 'drop');
    this.#name = null;
  }

  /** A rewind reads everything again. */
  cancel(): void {
    this.#name = null;
  }

  #takeAssets(object: HasName): SyncOrAsync<void> {
    if (!supports(object, 'WritesExternalAssets')) return undefined;
    return whenReady(collected(object.collectAssetDocs()), (documents) => {
      this.#assets.push(...documents);
    });
  }

  #streamOf(name: string): Stream {
    const { streams } = this.#parts;
    const known = streams.get(name);
    if (known === undefined) {
      const cache = streams.cache(name);
      return streams.prepare(
        name,
        new Map(this.#objects.map((object): [HasName, DataKeys] => [object, cache.description(object)])),
      );
    }
    if (known.objects.size !== this.#objects.length || this.#objects.some((object) => !known.objects.has(object))) {
      throw new Error(`Mismatched objects read, expected ${names(known.objects.keys())}, got ${names(this.#objects)}`);
    }
    return known;
  }

  #refuseCollision(stream: string, object: HasName): void {
    if (this.#objects.length === 0) return;
    const cache = this.#parts.streams.cache(stream);
    const keys = cache.description(object);
    for (const other of this.#objects) {
      const colliding = Object.keys(cache.description(other)).filter((key) => key in keys);
      if (colliding.length === 0) continue;
      throw new Error(
        `Data keys (field names) from ${object.name} collide with those from ${other.name}. ` +
          `The colliding keys are ${colliding.join(', ')}`,
      );
    }
  }

  #merged(): Readings {
    const [first, ...others] = this.#readings;
    return others.length === 0 && first !== undefined ? first : Object.assign({}, ...this.#readings);
  }
}

const notCreated = (done: string, command: string): IllegalMessageSequence =>
  new IllegalMessageSequence(
    `A 'create' message must be sent, to open an event bundle, before that bundle can be ${done} with '${command}'.`,
  );

const names = (objects: Iterable<HasName>): string => [...objects].map((object) => object.name).join(', ');

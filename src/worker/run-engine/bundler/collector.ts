import type {
  AssetDocument,
  Collectable,
  DataKeys,
  HasName,
  PartialEvent,
  PartialEventPage,
} from '../../devices/protocols.ts';
import { requireSupport, supports } from '../capabilities.ts';
import type { DocumentMaking } from '../documents.ts';
import { DocumentError, IllegalMessageSequence } from '../errors.ts';
import { collected } from '../sync-or-async.ts';
import type { AssetPacker } from './asset-packer.ts';
import { flat, isDataKey, refuseSharedKeys, type CollectedKeys } from './collected-keys.ts';
import type { Stream } from './stream.ts';
import type { Streams } from './streams.ts';

export interface CollectorParts {
  making: DocumentMaking;
  streams: Streams;
  assets: AssetPacker;
}
export interface CollectOptions {
  name?: string | undefined;
  returnPayload: boolean;
}
type Payload = (PartialEvent | PartialEventPage)[];

/**
 * What flyers gathered by themselves, turned into documents. Either the stream was declared before (one stream, one or
 * several devices that write frames), or a single device describes its streams by itself when it is collected first.
 */
export class Collector {
  readonly #parts: CollectorParts;
  readonly #descriptions = new Map<HasName, CollectedKeys>();
  readonly #declared: { objects: ReadonlySet<unknown>; names: string[] }[] = [];
  /** Of a device that describes itself, the stream of each set of keys. */
  readonly #ownStreams = new Map<HasName, Map<string, Stream>>();
  readonly #uncollected = new Set<Collectable>();

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /** Kicked off: to be collected before the run ends, even when the plan does not come to it. */
  expect(object: unknown): void {
    if (supports(object, 'Collectable')) this.#uncollected.add(object);
  }

  get uncollected(): readonly Collectable[] {
    return [...this.#uncollected];
  }

  async declare(name: string, objects: readonly unknown[], isCollected: boolean): Promise<Stream> {
    const devices = objects.map((object) => object as HasName);
    const cache = this.#parts.streams.cache(name);
    const descriptions = await Promise.all(
      devices.map(async (device): Promise<[HasName, DataKeys]> => {
        await cache.ensure(device, { isCollected });
        return [device, isCollected ? flat(await this.#describe(device), name) : cache.description(device)];
      }),
    );
    this.#remember(new Set(objects), name);
    return this.#parts.streams.prepare(name, new Map(descriptions));
  }

  async collect(objects: readonly unknown[], options: CollectOptions): Promise<Payload | undefined> {
    const devices = objects.map((object) => requireSupport(object, 'Collectable'));
    if (devices.length > 1) for (const device of devices) requireSupport(device, 'WritesStreamAssets');
    for (const device of devices) this.#uncollected.delete(device);
    const stream = this.#declaredStream(devices, options.name);
    if (stream === undefined) await this.#describeByItself(devices);
    const frames = this.#parts.assets.pack(await this.#assetDocuments(devices), stream);
    const [only] = devices;
    if (devices.length > 1 || only === undefined || supports(only, 'WritesStreamAssets')) {
      stream?.skip(frames);
      return undefined;
    }
    return this.#collectEvents(only, { stream, frames }, options.returnPayload);
  }

  async #collectEvents(
    device: Collectable,
    { stream, frames }: { stream: Stream | undefined; frames: number },
    returnPayload: boolean,
  ): Promise<Payload | undefined> {
    let payload: Payload;
    if (supports(device, 'EventPageCollectable')) payload = await this.#emitPages(device, stream);
    else if (supports(device, 'EventCollectable')) payload = await this.#emitEvents(device, stream);
    else if (stream === undefined) {
      throw new Error(
        "A `collect` message on a device that isn't EventCollectable or EventPageCollectable requires a `name=stream_name` argument",
      );
    } else {
      stream.skip(frames);
      return undefined;
    }
    return returnPayload ? payload : undefined;
  }

  async #emitPages(
    device: Collectable & { collectPages(): Iterable<PartialEventPage> | AsyncIterable<PartialEventPage> },
    declared: Stream | undefined,
  ): Promise<Payload> {
    const pages = await collected(device.collectPages());
    for (const page of pages) {
      const stream = declared ?? this.#streamFor(device, page.data);
      refuseFrames(stream, page.data, 'event_page');
      this.#parts.making.emit('event_page', stream.eventPage(page));
    }
    return pages;
  }

  /** One page a stream, whatever the order in which the events came. */
  async #emitEvents(
    device: Collectable & { collect(): Iterable<PartialEvent> | AsyncIterable<PartialEvent> },
    declared: Stream | undefined,
  ): Promise<Payload> {
    const events = await collected(device.collect());
    const byStream = new Map<Stream, PartialEvent[]>();
    for (const event of events) {
      const stream = declared ?? this.#streamFor(device, event.data);
      refuseFrames(stream, event.data, 'event');
      const members = byStream.get(stream);
      if (members === undefined) byStream.set(stream, [event]);
      else members.push(event);
    }
    for (const [stream, members] of byStream) this.#parts.making.emit('event_page', packed(stream, members));
    return events;
  }

  #declaredStream(devices: readonly unknown[], name: string | undefined): Stream | undefined {
    const names = this.#declared.find(({ objects }) => isSameSet(objects, devices))?.names ?? [];
    if (name !== undefined && !names.includes(name)) {
      throw new IllegalMessageSequence('If a message stream name is provided declare stream needs to be called first.');
    }
    if (name === undefined && new Set(names).size > 1) {
      throw new IllegalMessageSequence(
        `These devices were declared in several streams, name one of ${names.join(', ')}`,
      );
    }
    const wanted = name ?? names[0];
    return wanted === undefined ? undefined : this.#parts.streams.get(wanted);
  }

  #remember(objects: ReadonlySet<unknown>, name: string): void {
    const known = this.#declared.find((declared) => isSameSet(declared.objects, [...objects]));
    if (known !== undefined) known.names.push(name);
    else this.#declared.push({ objects, names: [name] });
  }

  /** The old way: one device, a dictionary of streams, told when it is collected first. */
  async #describeByItself(devices: readonly Collectable[]): Promise<void> {
    const [device] = devices;
    if (devices.length > 1 || device === undefined) {
      throw new IllegalMessageSequence(
        'If collecting multiple objects you must predeclare a stream for all the objects first and provide the stream name',
      );
    }
    if (this.#ownStreams.has(device)) return;
    const description = await this.#describe(device);
    if (Object.values(description).some((value) => isDataKey(value))) {
      throw new IllegalMessageSequence('Single nested data keys should be pre-declared');
    }
    const described = Object.entries(description as Record<string, DataKeys>);
    refuseSharedKeys(described);
    const streams = new Map<string, Stream>();
    for (const [name, dataKeys] of described) {
      const cache = this.#parts.streams.cache(name);
      cache.keepDescription(device, dataKeys);
      await cache.ensure(device, { isCollected: true });
      const known = this.#parts.streams.get(name);
      const stream =
        known?.objects.has(device) === true ? known : this.#parts.streams.prepare(name, new Map([[device, dataKeys]]));
      streams.set(keySet(dataKeys), stream);
    }
    this.#ownStreams.set(device, streams);
  }

  #streamFor(device: HasName, data: Record<string, unknown>): Stream {
    const stream = this.#ownStreams.get(device)?.get(keySet(data));
    if (stream !== undefined) return stream;
    throw new DocumentError(`${device.name} collected ${Object.keys(data).join(', ')}, which it did not describe`);
  }

  async #describe(device: HasName): Promise<CollectedKeys> {
    const known = this.#descriptions.get(device);
    if (known !== undefined) return known;
    const description = await requireSupport(device, 'Collectable').describeCollect();
    this.#descriptions.set(device, description);
    return description;
  }

  /** Several devices are collected as far as the slowest of them has come. */
  async #assetDocuments(devices: readonly Collectable[]): Promise<AssetDocument[]> {
    const upTo = devices.length > 1 ? await lowestIndex(devices) : undefined;
    const documents: AssetDocument[] = [];
    for (const device of devices) {
      if (supports(device, 'WritesStreamAssets')) documents.push(...(await collected(device.collectAssetDocs(upTo))));
      else if (supports(device, 'WritesExternalAssets'))
        documents.push(...(await collected(device.collectAssetDocs())));
    }
    return documents;
  }
}

async function lowestIndex(devices: readonly unknown[]): Promise<number> {
  const indices = devices.map(async (device) => requireSupport(device, 'WritesStreamAssets').getIndex());
  return Math.min(...(await Promise.all(indices)));
}

function refuseFrames(stream: Stream, data: Record<string, unknown>, what: string): void {
  if (stream.streamedKeys.some((key) => key in data)) {
    throw new DocumentError(`Received an ${what} containing data for external data keys.`);
  }
}

function packed(stream: Stream, events: readonly PartialEvent[]): Record<string, unknown> {
  const column = <T>(of: (event: PartialEvent) => Record<string, T>): Record<string, T[]> => {
    const keys = Object.keys(of(events[0] as PartialEvent));
    return Object.fromEntries(keys.map((key) => [key, events.map((event) => of(event)[key] as T)]));
  };
  const columns = { data: column((event) => event.data), timestamps: column((event) => event.timestamps) };
  // Events may be without data, and are then still as many.
  const page = stream.eventPage(columns, events.length);
  if (events.every((event) => event.filled !== undefined)) page['filled'] = column((event) => event.filled ?? {});
  return page;
}

const keySet = (record: Record<string, unknown>): string => JSON.stringify(Object.keys(record).sort());

const isSameSet = (set: ReadonlySet<unknown>, members: readonly unknown[]): boolean =>
  set.size === new Set(members).size && members.every((member) => set.has(member));

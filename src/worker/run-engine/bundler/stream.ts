import type { DataKeys, HasName } from '../../devices/protocols.ts';
import type { DescriptorDocument, DocumentMaking, EventDocument } from '../documents.ts';
import { DocumentError } from '../errors.ts';

/** Several events, a list for each key. */
export interface EventColumns {
  data: Record<string, unknown[]>;
  timestamps: Record<string, number[]>;
}

/** Data that lies in files and comes by `stream_datum`: it is not in the events. */
const isStreamed = (dataKey: DataKeys[string]): boolean => dataKey.external === 'STREAM:';

/**
 * One stream of a run: its newest descriptor, the devices it stands for, and the number of the next event.
 *
 * A rewind takes the number back to the last checkpoint, since those events are taken again; of two events with one
 * number the later counts. What happened to the run itself is not undone by a rewind, so `interruptions` counts on.
 */
export class Stream {
  readonly name: string;
  readonly #making: DocumentMaking;
  readonly #isRewound: boolean;
  #descriptor: DescriptorDocument;
  #objects: ReadonlyMap<HasName, DataKeys>;
  #eventKeys: string[] = [];
  #streamedKeys: string[] = [];
  #unfilled: Record<string, false> | undefined;
  #nextNumber = 1;
  #numberAtCheckpoint = 1;

  constructor(
    making: DocumentMaking,
    first: { descriptor: DescriptorDocument; objects: ReadonlyMap<HasName, DataKeys> },
    options: { isRewound: boolean },
  ) {
    this.#making = making;
    this.#isRewound = options.isRewound;
    this.name = first.descriptor.name;
    this.#descriptor = first.descriptor;
    this.#objects = first.objects;
    this.#learnKeys();
  }

  get descriptor(): DescriptorDocument {
    return this.#descriptor;
  }

  get objects(): ReadonlyMap<HasName, DataKeys> {
    return this.#objects;
  }

  get streamedKeys(): readonly string[] {
    return this.#streamedKeys;
  }

  get nextNumber(): number {
    return this.#nextNumber;
  }

  get eventCount(): number {
    return this.#nextNumber - 1;
  }

  /** A new descriptor for the same data, after a change of configuration. The numbering goes on. */
  continueWith(descriptor: DescriptorDocument, objects: ReadonlyMap<HasName, DataKeys>): void {
    const before = Object.keys(this.#descriptor.data_keys);
    const now = Object.keys(descriptor.data_keys);
    if (before.length !== now.length || before.some((key) => !(key in descriptor.data_keys))) {
      throw new DocumentError(
        `A descriptor with the name ${this.name} has already been composed with data_keys ${before.join(', ')}. ` +
          `The requested data_keys were ${now.join(', ')}. All descriptors in a given stream must have the same data_keys.`,
      );
    }
    this.#descriptor = descriptor;
    this.#objects = objects;
    this.#learnKeys();
  }

  event(data: Record<string, unknown>, timestamps: Record<string, number>): EventDocument {
    this.#requireKeys(data, timestamps);
    return {
      uid: this.#making.newUid(),
      time: this.#making.clock(),
      data,
      timestamps,
      seq_num: this.#nextNumber++,
      filled: this.#unfilled === undefined ? {} : { ...this.#unfilled },
      descriptor: this.#descriptor.uid,
    };
  }

  /** Several events at once, as a flyer hands them over. */
  eventPage({ data, timestamps }: EventColumns, length = lengthOf(data)): Record<string, unknown> {
    this.#requireKeys(data, timestamps);
    const columns = [...Object.values(data), ...Object.values(timestamps)];
    if (columns.some((column) => column.length !== length)) {
      throw new DocumentError(`The lists of an event_page of stream ${this.name} have different lengths`);
    }
    const time = this.#making.clock();
    const numbers = Array.from({ length }, (_, index) => this.#nextNumber + index);
    this.#nextNumber += length;
    return {
      uid: numbers.map(() => this.#making.newUid()),
      time: numbers.map(() => time),
      data,
      timestamps,
      seq_num: numbers,
      filled: {},
      descriptor: this.#descriptor.uid,
    };
  }

  /** Frames came by `stream_datum` alone, without events. */
  skip(count: number): void {
    this.#nextNumber += count;
  }

  keepCheckpoint(): void {
    this.#numberAtCheckpoint = this.#nextNumber;
  }

  /** With no checkpoint a rewind goes to the very beginning. */
  forgetCheckpoint(): void {
    this.#numberAtCheckpoint = 1;
  }

  rewind(): void {
    if (this.#isRewound) this.#nextNumber = this.#numberAtCheckpoint;
  }

  #learnKeys(): void {
    const dataKeys = Object.entries(this.#descriptor.data_keys);
    this.#eventKeys = dataKeys.filter(([, dataKey]) => !isStreamed(dataKey)).map(([key]) => key);
    this.#streamedKeys = dataKeys.filter(([, dataKey]) => isStreamed(dataKey)).map(([key]) => key);
    const inFiles = dataKeys.filter(([, dataKey]) => dataKey.external !== undefined && !isStreamed(dataKey));
    this.#unfilled = inFiles.length === 0 ? undefined : Object.fromEntries(inFiles.map(([key]) => [key, false]));
  }

  #requireKeys(data: Record<string, unknown>, timestamps: Record<string, unknown>): void {
    if (this.#hasEventKeys(data) && this.#hasEventKeys(timestamps)) return;
    throw new DocumentError(
      `These sets of keys must match (other than "STREAM:" keys):\n` +
        `event['data'].keys(): ${Object.keys(data).join(', ')}\n` +
        `event['timestamps'].keys(): ${Object.keys(timestamps).join(', ')}\n` +
        `descriptor['data_keys'].keys(): ${Object.keys(this.#descriptor.data_keys).join(', ')}`,
    );
  }

  #hasEventKeys(columns: Record<string, unknown>): boolean {
    let extra = 0;
    for (const key in columns) {
      if (!(key in this.#descriptor.data_keys)) return false;
      extra += 1;
    }
    for (const key of this.#eventKeys) if (!(key in columns)) return false;
    for (const key of this.#streamedKeys) if (key in columns) extra -= 1;
    return extra === this.#eventKeys.length;
  }
}

const lengthOf = (columns: Record<string, unknown[]>): number => Object.values(columns)[0]?.length ?? 0;

import type { HasName, Readings, SyncOrAsync } from '../../devices/protocols.ts';
import type { Document, DocumentMaking, ExitStatus } from '../documents.ts';
import { IllegalMessageSequence } from '../errors.ts';
import { AssetPacker } from './asset-packer.ts';
import { Collector, type CollectOptions } from './collector.ts';
import { EventBundle } from './event-bundle.ts';
import { Monitors } from './monitors.ts';
import type { Stream } from './stream.ts';
import { Streams } from './streams.ts';

export interface RunParts {
  making: DocumentMaking;
  /** What the start document holds beside uid and time. */
  metadata: Document;
  recordInterruptions: boolean;
  report: (error: unknown) => void;
}

/**
 * One run: from its start document to its stop document, each emitted once. In between it turns what devices say into
 * descriptors and events, and keeps the numbering right when the plan is rewound.
 */
export class RunBundler {
  readonly uid: string;
  readonly scanId: number;
  readonly bundle: EventBundle;
  readonly monitors: Monitors;
  readonly collector: Collector;
  readonly #making: DocumentMaking;
  readonly #streams: Streams;
  #interruptions: Stream | undefined;
  #isOpen = true;

  /** Opens the run: the start document is emitted. */
  constructor({ making, metadata, recordInterruptions, report }: RunParts) {
    this.#making = making;
    this.uid = making.newUid();
    this.scanId = metadata['scan_id'] as number;
    this.#streams = new Streams(making, this.uid);
    const parts = { making, streams: this.#streams, assets: new AssetPacker(making, this.uid) };
    this.bundle = new EventBundle(parts);
    this.monitors = new Monitors(making, this.#streams, report);
    this.collector = new Collector(parts);
    making.emit('start', { uid: this.uid, time: making.clock(), ...metadata });
    if (recordInterruptions) this.#interruptions = this.#streams.prepareInterruptions();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws IllegalMessageSequence when it is closed already */
  close(exitStatus: ExitStatus, reason: string): void {
    if (!this.#isOpen) {
      throw new IllegalMessageSequence("A 'close_run' message was received but there is no run open.");
    }
    this.#isOpen = false;
    this.monitors.clear();
    this.#making.emit('stop', {
      uid: this.#making.newUid(),
      time: this.#making.clock(),
      run_start: this.uid,
      exit_status: exitStatus,
      reason,
      num_events: this.#streams.eventCounts(),
    });
  }

  read(object: HasName, readings: Readings): SyncOrAsync<void> {
    return this.bundle.read(object, readings);
  }

  collect(objects: readonly unknown[], options: CollectOptions): Promise<unknown> {
    return this.collector.collect(objects, options);
  }

  reconfigure(object: HasName): SyncOrAsync<void> {
    return this.#streams.reconfigure(object);
  }

  /** An event in the stream `interruptions`, when the RunEngine records them. */
  recordInterruption(what: string): void {
    if (this.#interruptions === undefined || !this.#isOpen) return;
    const event = this.#interruptions.event({ interruption: what }, { interruption: this.#making.clock() });
    this.#making.emit('event', event);
  }

  keepCheckpoint(): void {
    this.#streams.keepCheckpoint();
  }

  forgetCheckpoint(): void {
    this.#streams.forgetCheckpoint();
  }

  /** What was read since the checkpoint is read again: an open bundle is given up, numbers go back. */
  rewind(): void {
    this.#streams.rewind();
    this.bundle.cancel();
  }
}

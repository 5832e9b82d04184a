/**
 * What the RunEngine may ask of a device, one to one with `bluesky.protocols`. A device offers a protocol by having its
 * methods: there is nothing to register. Names on the wire and in documents stay bluesky's.
 */
export type SyncOrAsync<T> = T | Promise<T>;

/** `{ value: 1.5, timestamp: 1700000000.25 }`: seconds since 1970; `alarm_severity` 0 to 3, -1 when disconnected. */
export interface Reading<T = unknown> {
  value: T;
  timestamp: number;
  alarm_severity?: number;
  message?: string;
}
export type Readings = Record<string, Reading>;

export type Dtype = 'string' | 'number' | 'array' | 'boolean' | 'integer';

/** `{ source: 'ca://BGDEMO:m1.RBV', dtype: 'number', shape: [], units: 'mm', precision: 3 }` (event-model's data key). */
export interface DataKey {
  source: string;
  dtype: Dtype;
  shape: (number | null)[];
  dtype_numpy?: string | [string, string][];
  units?: string | null;
  precision?: number | null;
  limits?: Partial<Record<'control' | 'display' | 'warning' | 'alarm', { low: number | null; high: number | null }>>;
  choices?: string[];
  external?: string;
  dims?: string[];
  object_name?: string;
  [extra: string]: unknown;
}
export type DataKeys = Record<string, DataKey>;

/** What a watcher of a running status is told; fields are absent when not known. Times in seconds. */
export interface WatchUpdate {
  name?: string;
  current?: number;
  initial?: number;
  target?: number;
  unit?: string;
  precision?: number;
  fraction?: number;
  time_elapsed?: number;
  time_remaining?: number;
}

/** One thing under way. Exactly one outcome, once; `success` is false until `done`. */
export interface Status {
  readonly done: boolean;
  readonly success: boolean;
  exception(): Error | undefined;
  addCallback(callback: (status: Status) => void): void;
  readonly finished: Promise<void>;
  watch?(watcher: (update: WatchUpdate) => void): void;
}

export interface HasName {
  readonly name: string;
}
export interface Hints {
  fields?: string[];
  dimensions?: [string[], string][];
  gridding?: string;
}
export interface HasHints extends HasName {
  readonly hints: Hints;
}
export interface Readable extends HasName {
  read(): SyncOrAsync<Readings>;
  describe(): SyncOrAsync<DataKeys>;
}
export interface Configurable extends HasName {
  readConfiguration(): SyncOrAsync<Readings>;
  describeConfiguration(): SyncOrAsync<DataKeys>;
  configure?(...settings: unknown[]): SyncOrAsync<[Readings, Readings]>;
}
export interface Movable<T = unknown> extends HasName {
  set(value: T, ...rest: unknown[]): Status;
}
export interface Locatable<T = unknown> extends Movable<T> {
  locate(): SyncOrAsync<{ setpoint: T; readback: T }>;
}
export interface Checkable<T = unknown> {
  /** Throws when the value is refused; never writes. */
  checkValue(value: T): SyncOrAsync<void>;
}
export interface Triggerable extends HasName {
  trigger(): Status;
}
export interface Preparable extends HasName {
  prepare(value: unknown): Status;
}
export interface Stageable extends HasName {
  stage(): Status | unknown[];
  unstage(): Status | unknown[];
}
export interface Pausable {
  /** May throw `NoReplayAllowed`: then what came before cannot be replayed. */
  pause(): SyncOrAsync<void>;
  resume(): SyncOrAsync<void>;
}
export interface Stoppable {
  stop(options?: { success?: boolean }): SyncOrAsync<void>;
}
export interface Subscribable extends HasName {
  /** Calls back at once with the present value. */
  subscribe(callback: (readings: Readings) => void): void;
  clearSub(callback: (readings: Readings) => void): void;
}
export interface Flyable extends HasName {
  kickoff(): Status;
  complete(): Status;
}
export interface PartialEvent {
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
  time: number;
  seq_num?: number;
  filled?: Record<string, boolean | string>;
}
export interface PartialEventPage {
  data: Record<string, unknown[]>;
  timestamps: Record<string, number[]>;
  time: number[];
  seq_num?: number[];
  filled?: Record<string, (boolean | string)[]>;
}
export interface Collectable extends HasName {
  describeCollect(): SyncOrAsync<DataKeys | Record<string, DataKeys>>;
}
export interface EventCollectable extends Collectable {
  collect(): Iterable<PartialEvent> | AsyncIterable<PartialEvent>;
}
export interface EventPageCollectable extends Collectable {
  collectPages(): Iterable<PartialEventPage> | AsyncIterable<PartialEventPage>;
}
/** `['resource', {...}]`, `['datum', {...}]`, `['stream_resource', {...}]` or `['stream_datum', {...}]` */
export type AssetDocument = ['resource' | 'datum' | 'stream_resource' | 'stream_datum', Record<string, unknown>];
export interface WritesExternalAssets {
  collectAssetDocs(): Iterable<AssetDocument> | AsyncIterable<AssetDocument>;
}
export interface WritesStreamAssets {
  collectAssetDocs(index?: number): Iterable<AssetDocument> | AsyncIterable<AssetDocument>;
  getIndex(): SyncOrAsync<number>;
}

import type { DataKeys, Hints } from '../devices/protocols.ts';

/** event-model 1.24's documents, as far as the RunEngine writes them. */
export type DocumentName =
  'start' | 'descriptor' | 'event' | 'event_page' | 'resource' | 'datum' | 'stream_resource' | 'stream_datum' | 'stop';
export type Document = Record<string, unknown>;
export type ExitStatus = 'success' | 'abort' | 'fail';

/** `{ data: { m1_velocity: 1 }, timestamps: { m1_velocity: 1.7e9 }, data_keys: {…} }`, for one device. */
export interface DeviceConfiguration {
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
  data_keys: DataKeys;
}

export interface DescriptorDocument extends Document {
  uid: string;
  name: string;
  run_start: string;
  time: number;
  data_keys: DataKeys;
  configuration: Record<string, DeviceConfiguration>;
  object_keys: Record<string, string[]>;
  hints: Record<string, Hints>;
}

export interface EventDocument extends Document {
  uid: string;
  time: number;
  data: Record<string, unknown>;
  timestamps: Record<string, number>;
  seq_num: number;
  filled: Record<string, boolean | string>;
  descriptor: string;
}

/** Where documents go, and what they are made with. */
export interface DocumentMaking {
  emit(name: DocumentName, document: Document): void;
  newUid(): string;
  /** Seconds since 1970. */
  clock(): number;
}

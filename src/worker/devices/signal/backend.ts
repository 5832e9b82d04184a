import type { DataKey, Reading } from '../protocols.ts';

/** What a signal is, as its source tells it once connected. */
export interface SignalFacts extends Pick<
  DataKey,
  'dtype' | 'shape' | 'dtype_numpy' | 'units' | 'precision' | 'limits' | 'choices'
> {
  readonly isWritable: boolean;
}

export interface BackendPutOptions {
  /** Resolve when all that the write set off has been done; false: when it is on its way. */
  wait: boolean;
  /** Seconds; without it as long as it takes. */
  timeout?: number;
}

/**
 * Where a signal's value lives: an EPICS record, or this process's memory. Making one touches nothing; `connect()` does.
 *
 * Values are the field's: numbers, strings, booleans, lists and typed arrays; a state of an enum is its text. Times are
 * seconds since 1970 as the source tells them. Every failure is a rejection whose text names the source. A source that is
 * lost comes back by itself with its subscriptions; meanwhile reading and writing are refused at once.
 */
export interface SignalBackend {
  /** `ca://BGDEMO:m1.RBV`: goes into data keys as it is. */
  readonly source: string;
  readonly isConnected: boolean;
  /** Resolves at once when it is. @throws Error naming the source when it is not within `timeout` seconds */
  connect(timeout: number): Promise<void>;
  /** As of the latest connection. @throws Error before the first one */
  facts(): SignalFacts;
  get(): Promise<Reading>;
  put(value: unknown, options: BackendPutOptions): Promise<void>;
  /** The present value at once, then each change, and again after each reconnection. Gives what ends it. */
  subscribe(listener: (reading: Reading) => void): () => void;
  /** Gives what ends the listening. */
  onDisconnect(listener: (why: string) => void): () => void;
  close(): void;
}

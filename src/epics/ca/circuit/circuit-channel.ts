import type { NativeType } from '../codec/dbr-types.ts';
import type { CaMessage } from '../codec/message.ts';
import type { CaError } from '../errors.ts';

/** What a server says of a channel that it has made. */
export interface ServerChannel {
  readonly sid: number;
  readonly nativeType: NativeType;
  readonly nativeCount: number;
}

export interface Loss {
  readonly why: string;
  /** Not to be searched for before this. */
  readonly retryMs: number;
  /** One of the channels that a circuit loses is asked for often, however long it takes: it finds the server for all. */
  readonly isScout: boolean;
}

/** What a circuit tells a channel. */
export interface CircuitChannel {
  readonly cid: number;
  readonly name: string;
  created(channel: ServerChannel): void;
  rightsChanged(access: number): void;
  responsiveChanged(isResponsive: boolean): void;
  /** The circuit has forgotten it already. */
  lost(loss: Loss): void;
  failed(error: CaError): void;
}

/** What a circuit tells a monitor. */
export interface CircuitMonitor {
  event(message: CaMessage): void;
  failed(error: CaError): void;
}

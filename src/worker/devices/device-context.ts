import type { SignalBackend } from './signal/backend.ts';

/** One motion that is about to be started, in the words of whoever could stop it without knowing the device. */
export interface Motion {
  /** PVs: write 1 to stop, the set-point, and 1 when the motion is done. */
  readonly stop: string;
  readonly setpoint: string;
  readonly done: string;
  readonly value: number;
}

/** Keeps track of what moves, so that the next worker can stop what a dead one left moving. */
export interface MotionLog {
  /** It is on record when this returns. Call what it gives when the motion has ended. */
  begin(motion: Motion): () => void;
}

/** What devices are connected with: they know no transport, and nothing is global. */
export interface DeviceContext {
  /** `ca://PV`, `sim://name`, `soft://name`. @throws Error for a source of another kind */
  backend(source: string): SignalBackend;
  readonly motions: MotionLog;
}

/** A device that reaches outside this process. */
export interface Connectable {
  /** Resolves when all of it is connected. @throws Error that lists what is not, within `timeout` seconds */
  connect(context: DeviceContext, timeout: number): Promise<void>;
  disconnect(): void;
}

export const isConnectable = (value: unknown): value is Connectable =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<Connectable>).connect === 'function' &&
  typeof (value as Partial<Connectable>).disconnect === 'function';

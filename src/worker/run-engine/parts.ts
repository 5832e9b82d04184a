import type { Status } from '../devices/protocols.ts';
import type { DocumentListener } from './dispatcher.ts';
import type { Msg } from './messages.ts';
import type { RunRecord } from './plan-call.ts';
import type { EngineState } from './state.ts';

/** What a RunEngine is made of, and whom it tells. Only `onDocument` is needed. */
export interface RunEngineParts {
  /** Called with each document as it is made. What it throws is thrown into the plan: data would be lost otherwise. */
  onDocument: DocumentListener;
  onState?: (state: EngineState, previous: EngineState) => void;
  /** Kept from call to call, and part of every start document; `scan_id` is written back into it. */
  md?: Record<string, unknown>;
  scanIdSource?: (md: Record<string, unknown>) => number | Promise<number>;
  recordInterruptions?: boolean;
  onMessage?: (msg: Msg) => void;
  /** What a plan waits for, and null when it waits no longer. */
  onProgress?: (statuses: Status[] | null) => void;
  /** The runs of the present call, at each opening and closing. */
  onRuns?: (runs: RunRecord[]) => void;
  /** What an operator reads: one sentence. */
  onNotice?: (sentence: string) => void;
  /** Failures that are not the plan's: a device that cannot be stopped, a subscriber that throws. */
  onError?: (error: unknown) => void;
  /** Asked now and then: while what it gives is pending the plan waits, so that documents do not pile up. */
  untilCaughtUp?: () => Promise<void> | undefined;
  clock?: () => number;
  newUid?: () => string;
  /** Seconds for which a device may keep a pause or a clean-up waiting; 10 by default. */
  devicePatience?: number;
}

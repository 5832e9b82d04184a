import type { Status } from '../devices/protocols.ts';
import type { RunBundler } from './bundler/run-bundler.ts';
import { CheckpointCache } from './checkpoint-cache.ts';
import type { RunOutcome } from './outcome.ts';
import { Patience } from './patience.ts';
import { PlanStack, type Failure } from './plan-stack.ts';
import { StatusGroups } from './status-groups.ts';

/** A run as `re_runs` lists it. */
export interface RunRecord {
  uid: string;
  scan_id: number;
  is_open: boolean;
}

/** What one call of `run` has under way, over pauses and several runs. Nothing of it outlives the call. */
export class PlanCall {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly planName: string;
  readonly plans = new PlanStack();
  readonly checkpoint = new CheckpointCache();
  /** The open runs, by run key. */
  readonly runs = new Map<unknown, RunBundler>();
  readonly records: RunRecord[] = [];
  readonly groups: StatusGroups;
  /** Groups whose progress is already shown, though a wait for them was given up. */
  readonly groupsShown = new Set<unknown>();
  /** Every object that a message named. */
  readonly seen = new Set<unknown>();
  /** What was set: stopped at each pause and at the end. */
  readonly moved = new Set<unknown>();
  /** What was made to fly: stopped when the plan does not end well. */
  readonly flown = new Set<unknown>();
  readonly staged = new Set<{ unstage(): Status | unknown[] }>();
  readonly subscriptions = new Set<number>();
  readonly patience: Patience;
  /** A status that failed: thrown into the plan at its next message. */
  pendingFailure: Failure | undefined;
  reason = '';
  interruption: 'none' | 'stop' | 'abort' | 'halt' = 'none';
  isClosing = false;
  #outcome = Promise.withResolvers<RunOutcome>();

  constructor(about: { metadata: Record<string, unknown>; planName: string; patience: number }) {
    this.metadata = { ...about.metadata };
    this.planName = about.planName;
    this.patience = new Patience(about.patience);
    this.groups = new StatusGroups((failure) => {
      this.pendingFailure ??= { error: failure };
    });
  }

  /** What the caller waits for: the end, or the next pause. */
  get outcome(): Promise<RunOutcome> {
    return this.#outcome.promise;
  }

  settle(outcome: RunOutcome): void {
    this.#outcome.resolve(outcome);
  }

  /** After a pause there is something new to wait for. */
  continueAfterPause(): void {
    this.#outcome = Promise.withResolvers<RunOutcome>();
  }

  runsSoFar(): { run_uids: string[]; scan_ids: number[] } {
    return { run_uids: this.records.map(({ uid }) => uid), scan_ids: this.records.map(({ scan_id }) => scan_id) };
  }

  /** What came before is not replayed, and the numbers of events reached so far are kept. */
  resetCheckpoint(): void {
    if (!this.checkpoint.isResumable) return;
    this.checkpoint.reset();
    for (const run of this.runs.values()) run.keepCheckpoint();
  }

  recordInterruption(what: string): void {
    for (const run of this.runs.values()) run.recordInterruption(what);
  }
}

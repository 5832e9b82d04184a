import type { ExitStatus } from './documents.ts';

interface Runs {
  run_uids: string[];
  scan_ids: number[];
}

/** The plan has ended and everything is at rest. */
export interface FinishedOutcome extends Runs {
  kind: 'finished';
  exit_status: ExitStatus;
  /** Why it was aborted or failed; empty otherwise. */
  reason: string;
  /** Whether a person's request, and not the plan, ended it. */
  interrupted: boolean;
  /** What the plan returned. */
  result: unknown;
  /** What the plan threw, when it failed. */
  error?: unknown;
}

/** The plan waits for a person to resume, stop, abort or halt it. */
export interface PausedOutcome extends Runs {
  kind: 'paused';
}

export type RunOutcome = FinishedOutcome | PausedOutcome;

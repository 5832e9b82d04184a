import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';

/** Opens a run with `metadata` in its start document. Returns the run's uid. */
export function* openRun(metadata: Readonly<Record<string, unknown>> | null = null): Plan<string> {
  return yield msg('open_run', null, [], metadata ?? {});
}

/** Closes the run; without a status the RunEngine's own account of it is recorded. Returns the run's uid. */
export function* closeRun(exitStatus: string | null = null, reason: string | null = null): Plan<string> {
  return yield msg('close_run', null, [], { exit_status: exitStatus, reason });
}

/**
 * What the RunEngine throws into a plan when a person ends it. Stop and abort carry the exit status to record, and let
 * the plan clean up; a halt asks for nothing more to be done, so no wrapper may answer it with messages.
 */
export const isHalt = (error: unknown): boolean => error instanceof Error && error.name === 'PlanHalt';

/** The exit status that a stop or an abort asks for; `undefined` for any other error. */
export function requestedExitStatus(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('exitStatus' in error)) return undefined;
  return typeof error.exitStatus === 'string' ? error.exitStatus : undefined;
}

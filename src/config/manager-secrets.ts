/** What a manager is told through its environment alone: never printed, never written to a file. */
export interface ManagerSecrets {
  /** Takes any lock away; null: the environment names none. */
  readonly emergencyLockKey: string | null;
}

/** Reads the environment variables of the original. An empty one counts as absent. */
export function managerSecrets(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ManagerSecrets {
  return { emergencyLockKey: environment['QSERVER_EMERGENCY_LOCK_KEY_FOR_SERVER'] || null };
}

import { MANAGER_SETTINGS } from './settings.ts';

/** What a manager is told through its environment alone: never printed, never written to a file. */
export interface ManagerSecrets {
  /** Takes any lock away; null: the environment names none. */
  readonly emergencyLockKey: string | null;
  /** With it the control socket takes encrypted clients that know its public key, and no others. */
  readonly zmqPrivateKey: string | null;
}

/** Reads the environment variables of the settings; those of config files come by them, too. An empty one is absent. */
export function managerSecrets(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ManagerSecrets {
  return {
    emergencyLockKey: environment[MANAGER_SETTINGS.emergencyLockKey.env] || null,
    zmqPrivateKey: environment[MANAGER_SETTINGS.zmqPrivateKey.env] || null,
  };
}

import { GATEWAY_SETTINGS } from './settings.ts';

/** What a process is told through its environment alone: never printed, never written to a file. */
export interface GatewaySecrets {
  /** The key of the one user of a gateway without accounts; null: the environment names none. */
  readonly singleUserApiKey: string | null;
  /** The keys that sign tokens, the first, and check them, all; empty: the environment names none. */
  readonly secretKeys: readonly string[];
  /** Address of the Redis that holds the accounts of several gateways, with its password; null: the data directory does. */
  readonly accountsRedis: string | null;
}

/** Reads the environment variables of the original. An empty one counts as absent. */
export function gatewaySecrets(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GatewaySecrets {
  // The original reads the first name; the second is how its manual writes it.
  const keys = environment[GATEWAY_SETTINGS.secretKeys.env] || environment.QSERVER_HTTP_SERVER_SECRET_KEYS || '';
  return {
    singleUserApiKey: environment.QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY || null,
    accountsRedis: environment[GATEWAY_SETTINGS.accountsRedis.env] || null,
    secretKeys: keys.split(';').filter((key) => key !== ''),
  };
}

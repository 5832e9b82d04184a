/** What a process is told through its environment alone: never printed, never written to a file. */
export interface GatewaySecrets {
  /** The key of the one user of a gateway without accounts; null: the environment names none. */
  readonly singleUserApiKey: string | null;
}

/** Reads the environment variables of the original. An empty one counts as absent. */
export function gatewaySecrets(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GatewaySecrets {
  return { singleUserApiKey: environment.QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY || null };
}

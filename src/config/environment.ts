import type { ManagerValues } from './manager-values.ts';
import type { Setting, SettingsTable } from './setting.ts';
import { GATEWAY_SETTINGS, MANAGER_SETTINGS } from './settings.ts';

/** Only `config` reads the environment: whoever starts a process takes it from here. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

const secretsOf = (table: SettingsTable): string[] =>
  Object.values(table).flatMap(({ secret, env, former }) => (secret ? [env ?? '', ...(former?.env ?? [])] : []));

const MANAGER_SECRETS = secretsOf(MANAGER_SETTINGS);
/** The last is how the original's manual writes one of the others. */
const GATEWAY_SECRETS = [...secretsOf(GATEWAY_SETTINGS), 'QSERVER_HTTP_SERVER_SECRET_KEYS'];

/** For the worker, which runs other people's code: whatever the shell has, but no secret. */
export function environmentWithoutSecrets(): Record<string, string | undefined> {
  return without([...MANAGER_SECRETS, ...GATEWAY_SECRETS]);
}

/** For the gateway: its own secrets, and none of the manager's. */
export const gatewayEnvironment = (): Record<string, string | undefined> => without(MANAGER_SECRETS);

function without(names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));
}

/**
 * For the manager: a secret may come from its config file, and reaches it this way alone. What the shell has besides counts
 * no more once the settings are resolved.
 */
export function managerEnvironment(values: ManagerValues): Record<string, string | undefined> {
  const own = Object.entries<Setting>(MANAGER_SETTINGS).flatMap(([key, { secret, env }]) => {
    const { value } = values[key as keyof ManagerValues];
    return secret && env !== undefined && value !== null ? [[env, value] as const] : [];
  });
  return { ...environmentWithoutSecrets(), ...Object.fromEntries(own) };
}

/**
 * For a child whose Channel Access is ours alone: whatever EPICS_CA_* the shell has, the demo looks only at its own IOC. No
 * secrets, either.
 */
export function environmentWithoutEpics(): Record<string, string | undefined> {
  const rest = Object.entries(environmentWithoutSecrets()).filter(([name]) => !name.startsWith('EPICS_'));
  return Object.fromEntries(rest);
}

/** The variables that a Channel Access client reads. */
export function epicsEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('EPICS_') && value !== undefined ? [[name, value] as const] : [],
    ),
  );
}

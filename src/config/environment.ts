import type { ManagerValues } from './manager-values.ts';
import type { Setting } from './setting.ts';
import { GATEWAY_SETTINGS, MANAGER_SETTINGS } from './settings.ts';

/** Only `config` reads the environment: whoever starts a process takes it from here. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** Variables whose values are for one process alone. */
const SECRETS = new Set(
  [MANAGER_SETTINGS, GATEWAY_SETTINGS]
    .flatMap((table) => Object.values<Setting>(table))
    .flatMap(({ secret, env, former }) => (secret ? [env ?? '', ...(former?.env ?? [])] : [])),
);

/** For the worker, which runs other people's code: whatever the shell has, but no secret. */
export function environmentWithoutSecrets(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRETS.has(name)));
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
 * For a child whose Channel Access is ours alone: whatever EPICS_CA_* the shell has, the demo looks only at its own IOC.
 */
export function environmentWithoutEpics(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EPICS_')));
}

/** The variables that a Channel Access client reads. */
export function epicsEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('EPICS_') && value !== undefined ? [[name, value] as const] : [],
    ),
  );
}

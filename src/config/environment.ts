/** Only `config` reads the environment: whoever starts a process takes it from here. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
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

import { randomUUID } from 'node:crypto';

/**
 * A name for statuses that are waited for together: `'set-3f9a1c'`. Six digits are enough within one plan and are what
 * people know from the message log.
 */
export const shortName = (label: string): string => `${label}-${randomUUID().slice(0, 6)}`;

/** A name that is nobody else's, for groups that outlive the stub that made them. */
export const uniqueName = (): string => randomUUID();

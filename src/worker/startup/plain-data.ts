import { isPlainObject } from '../../lib/plain-object.ts';

/**
 * Whether a value is an object as JSON has them. A device may be written as a plain object, too: what has methods is one
 * thing and must stay the same one, not be looked into or copied.
 */
export const isPlainData = (value: unknown): value is Record<string, unknown> =>
  isPlainObject(value) && !Object.values(value).some((entry) => typeof entry === 'function');

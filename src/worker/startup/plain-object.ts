/**
 * Whether a value is an object as JSON has them. A device may be written as a plain object, too: what has methods is one
 * thing and must stay the same one, not be looked into or copied.
 */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !Object.values(value).some((entry) => typeof entry === 'function');

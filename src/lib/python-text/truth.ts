import { isDict } from './py-value.ts';
import type { PyJson } from './py-value.ts';

/** What Python takes for true. */
export function isTrue(value: PyJson | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isDict(value)) return Object.keys(value).length > 0;
  return value === true || typeof value === 'string' || Number(value) !== 0;
}

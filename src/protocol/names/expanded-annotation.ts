import { repr, str } from '../../lib/python-text/repr.ts';
import type { DeviceDescriptions, ParameterAnnotation } from '../descriptions.ts';
import { coded } from '../error-codes.ts';
import { devicesMeant } from './device-names.ts';
import { namePattern } from './name-pattern.ts';
import type { NamePattern } from './name-pattern.ts';
import { plansMeant } from './plan-names.ts';

/**
 * An annotation with the patterns of its lists replaced by the names they stand for, each once, sorted. Names are kept
 * whether they exist or not.
 * @throws CodedError REFUSED for a pattern that cannot be read
 */
export function expandedAnnotation(
  annotation: ParameterAnnotation,
  plans: Iterable<string>,
  devices: DeviceDescriptions,
): ParameterAnnotation {
  const known = Array.from(plans);
  return {
    ...annotation,
    ...(annotation.devices && {
      devices: mapped(annotation.devices, (names, key) => expanded(key, names, (name) => devicesMeant(name, devices))),
    }),
    ...(annotation.plans && {
      plans: mapped(annotation.plans, (names, key) => expanded(key, names, (name) => plansMeant(name, known))),
    }),
  };
}

function expanded(key: string, entries: string[], meant: (name: NamePattern) => string[]): string[] {
  if (!Array.isArray(entries)) {
    throw coded('REFUSED', { msg: `Unsupported type of a device or plan list ${repr(key)}: ${str(entries)}` });
  }
  const names = new Set(entries.flatMap((entry) => meant(namePattern(entry))));
  return Array.from(names).sort(inOrder);
}

/** By letters whatever their case, and capitals first between two that differ in their case alone. */
function inOrder(a: string, b: string): number {
  const [upperA, upperB] = [a.toUpperCase(), b.toUpperCase()];
  if (upperA !== upperB) return upperA < upperB ? -1 : 1;
  const isLower = (name: string): number => (/^\p{Ll}/u.test(name) ? 1 : 0);
  return isLower(a) - isLower(b);
}

const mapped = <T, U>(record: Record<string, T>, change: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

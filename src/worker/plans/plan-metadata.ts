import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { hintedFields } from './device-family.ts';
import type { Device } from './device-family.ts';
import { repr } from '../startup/python-repr.ts';

export type Metadata = Record<string, unknown>;

/** @throws TypeError in Python's words for what is no device, such as a name that stands for none: before any run opens */
export const namesOf = (devices: readonly Device[]): string[] => devices.map(nameOf);
export const reprsOf = (values: readonly unknown[]): string[] => values.map(repr);

/** Arguments as start documents show them: devices by their `repr`, the rest as it is. */
export const shownArguments = (args: readonly unknown[]): unknown[] =>
  args.map((value) => (isDevice(value) ? repr(value) : value));

/** The plan's own metadata with the caller's on top, and with hints that lack nothing which the plan can tell. */
export function withHints(own: Metadata, given: Metadata | null | undefined, hints: Metadata): Metadata {
  const merged = { ...own, ...given };
  return { ...merged, hints: { ...hints, ...(merged['hints'] as Metadata | undefined) } };
}

/** One dimension a motor: a grid, or one motor alone. None when a motor gives no hints. */
export function dimensionsOf(motors: readonly Device[]): Metadata {
  if (!motors.every(hasFields)) return {};
  return { dimensions: motors.map((motor) => [hintedFields(motor), 'primary']) };
}

/** One dimension in which all motors move together. */
export function jointDimension(motors: readonly Device[]): Metadata {
  const fields = motors.flatMap(hintedFields);
  return fields.length > 0 ? { dimensions: [[fields, 'primary']] } : {};
}

function nameOf(device: unknown): string {
  if (isDevice(device)) return (device as Device).name;
  // What is no object came from a request, as JSON.
  const cause = new TypeError(`A plan reads and moves devices: ${repr(device)} is none`);
  throw new TypeError(`'${typeName(device as PyJson)}' object has no attribute 'name'`, { cause });
}

const hasFields = (device: Device): boolean => (device as { hints?: { fields?: unknown } }).hints?.fields !== undefined;

const isDevice = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

import type { ParameterAnnotation } from '../../protocol/descriptions.ts';
import { isMeant } from '../../protocol/names/device-names.ts';
import { namePattern } from '../../protocol/names/name-pattern.ts';
import { isPlainData } from './plain-data.ts';

/** The device of a name, dotted for parts of devices; `undefined` when there is none. */
export type ResolveName = (name: string) => unknown;

/**
 * Puts devices in the place of their names, in lists and objects too. A parameter without an annotation takes every
 * name; one that lists devices takes those; any other only when it says so, as the protocols (`__READABLE__`) do.
 */
export function withDevices(
  value: unknown,
  parameter: { annotation: ParameterAnnotation | undefined; convertsDeviceNames: boolean | undefined },
  resolve: ResolveName,
): unknown {
  const { annotation, convertsDeviceNames } = parameter;
  if (convertsDeviceNames ?? annotation === undefined) return replaced(value, resolve);
  if (!annotation?.devices) return value;
  const listed = Object.values(annotation.devices).flat().map(namePattern);
  return replaced(value, (name) => (listed.some((entry) => isMeant(name, entry)) ? resolve(name) : undefined));
}

function replaced(value: unknown, resolve: ResolveName): unknown {
  if (typeof value === 'string') return resolve(value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, resolve));
  if (!isPlainData(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaced(entry, resolve)]));
}

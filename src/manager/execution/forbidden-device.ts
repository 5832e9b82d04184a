import type { DeviceDescription, DeviceDescriptions, PlanDescription } from '../../protocol/descriptions.ts';
import { isDict, PyTuple } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';

/**
 * The first name in a plan's arguments that the worker would take for a device which exists and which the group may not
 * use; null when there is none. The worker takes names for devices where the parameter says so, or says nothing at all;
 * where a parameter lists its devices, the list that is judged against is the group's own.
 *
 * (The original's worker knows the groups and leaves such a name a text, over which the plan then stumbles.)
 */
export function forbiddenDevice(
  plan: PlanDescription,
  bound: ReadonlyMap<string, PyValue>,
  devices: { readonly existing: DeviceDescriptions; readonly allowed: DeviceDescriptions },
): string | null {
  for (const { name, annotation, convert_device_names: converts } of plan.parameters) {
    if (!(converts ?? annotation === undefined)) continue;
    for (const text of textsIn(bound.get(name))) {
      if (deviceAt(devices.existing, text) === undefined) continue;
      if (deviceAt(devices.allowed, text)?.excluded !== false) return text;
    }
  }
  return null;
}

/** A device is excluded unless it is there for itself, not only for its sub-devices. */
function deviceAt(devices: DeviceDescriptions, path: string): { excluded: boolean } | undefined {
  let level: DeviceDescriptions = devices;
  let found: DeviceDescription | undefined;
  for (const name of path.split('.')) {
    found = Object.hasOwn(level, name) ? level[name] : undefined;
    if (found === undefined) return undefined;
    level = found.components ?? {};
  }
  return { excluded: found?.excluded === true };
}

function* textsIn(value: PyValue | undefined): Generator<string, void> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const entry of value) yield* textsIn(entry);
  else if (value instanceof PyTuple) for (const entry of value.items) yield* textsIn(entry);
  else if (isDict(value)) for (const entry of Object.values(value)) yield* textsIn(entry);
}

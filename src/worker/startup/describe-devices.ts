import type { DeviceDescription, DeviceDescriptions } from '../../protocol/descriptions.ts';

/** What startup code has put together, by name. */
export type Namespace = Readonly<Record<string, unknown>>;

/** How many levels of a device's parts are described, so that a device that contains itself does not hold up a worker. */
const MAX_DEPTH = 50;

/**
 * All devices of a namespace with their parts, in the form of `existing_devices`: as many levels of them as are wanted, the
 * devices themselves being the first; 0 is all.
 */
export function describeDevices(namespace: Namespace, levels = 0): DeviceDescriptions {
  const deepest = levels === 0 ? MAX_DEPTH : Math.min(levels - 1, MAX_DEPTH);
  return Object.fromEntries(
    Object.entries(namespace)
      .filter(([, value]) => isDevice(value))
      .map(([name, device]) => [name, describeDevice(device as object, deepest)]),
  );
}

/** Something that can be read, flown, or is made of parts. A value or a class is not a device. */
export function isDevice(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return has(value, 'read', 'describe') || has(value, 'kickoff', 'complete') || has(value, 'set');
}

/** The parts of a device by the names that they have in dotted names. */
export function partsOf(device: unknown): ReadonlyMap<string, object> {
  const parts = (device as { components?: unknown } | null)?.components;
  return parts instanceof Map ? (parts as ReadonlyMap<string, object>) : NO_PARTS;
}
const NO_PARTS: ReadonlyMap<string, object> = new Map();

function describeDevice(device: object, below: number): DeviceDescription {
  const parts = below > 0 ? [...partsOf(device)] : [];
  return {
    is_readable: has(device, 'read', 'describe'),
    is_movable: has(device, 'set'),
    is_flyable: has(device, 'kickoff', 'complete'),
    ...pythonClass(device),
    ...(parts.length === 0
      ? {}
      : { components: Object.fromEntries(parts.map(([name, part]) => [name, describeDevice(part, below - 1)])) }),
  };
}

/**
 * Where clients look for a device's class. A class that stands for one of ophyd says so by `pythonModule` and, where the
 * name differs, `pythonName`; what startup code defines is in `__main__`, as it is in Python.
 */
function pythonClass(device: object): Pick<DeviceDescription, 'classname' | 'module'> {
  const { constructor } = device;
  const own = (key: string): string | undefined =>
    Object.hasOwn(constructor, key) ? String((constructor as unknown as Record<string, unknown>)[key]) : undefined;
  return { classname: own('pythonName') ?? constructor.name, module: own('pythonModule') ?? '__main__' };
}

const has = (object: object, ...methods: readonly string[]): boolean =>
  methods.every((method) => typeof (object as Record<string, unknown>)[method] === 'function');

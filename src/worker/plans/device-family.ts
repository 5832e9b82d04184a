import type { Flyable, HasHints, Locatable, Movable, Readable, Status, Triggerable } from '../devices/protocols.ts';

/** What plans take for a device: something with a name. What it can do shows in its methods. */
export interface Device {
  readonly name: string;
  readonly parent?: unknown;
}

const has = (object: unknown, ...methods: readonly string[]): boolean =>
  typeof object === 'object' &&
  object !== null &&
  methods.every((method) => typeof (object as Record<string, unknown>)[method] === 'function');

export const isReadable = (object: unknown): object is Readable => has(object, 'read', 'describe');
export const isMovable = (object: unknown): object is Movable => has(object, 'set');
export const isTriggerable = (object: unknown): object is Triggerable => has(object, 'trigger');
export const isLocatable = (object: unknown): object is Locatable => has(object, 'set', 'locate');
export const isFlyable = (object: unknown): object is Flyable => has(object, 'kickoff', 'complete');
export const isStatus = (object: unknown): object is Status => has(object, 'addCallback', 'exception');

/** The fields that a device wants to be seen by; none when it gives no hints. */
export const hintedFields = (device: unknown): readonly string[] =>
  (device as Partial<HasHints> | null)?.hints?.fields ?? [];

/** From the device up to the outermost one that it is part of. */
export function ancestry(device: unknown): unknown[] {
  const line: unknown[] = [];
  for (let one = device; one !== null && one !== undefined; one = (one as Partial<Device>).parent) line.push(one);
  return line;
}

export const rootAncestor = (device: unknown): unknown => ancestry(device).at(-1);

/** Each device once, and none beside the one that contains it. */
export function separateDevices<T>(devices: Iterable<T>): T[] {
  const separate: T[] = [];
  for (const device of devices) {
    const line = ancestry(device);
    if (separate.some((other) => line.includes(other))) continue;
    for (const part of separate.filter((other) => ancestry(other).includes(device))) {
      separate.splice(separate.indexOf(part), 1);
    }
    separate.push(device);
  }
  return separate;
}

/** A positioner whose axes are computed from others: its pseudo axes move together, or not at all. */
export interface CoupledAxes extends Device {
  readonly pseudoPositioners: readonly Device[];
  readonly realPositioners: readonly Device[];
  readonly components: ReadonlyMap<string, unknown>;
  readonly position: unknown;
}

export const isCoupled = (device: unknown): device is CoupledAxes =>
  Array.isArray((device as Partial<CoupledAxes> | null)?.pseudoPositioners);

/** What a positioner calls one of its axes. */
export const axisName = (positioner: CoupledAxes, axis: Device): string =>
  [...positioner.components].find(([, component]) => component === axis)?.[0] ?? axis.name;

/** Whether all of them may be read again after a rewind: a device says no by `rewindable` with the value false. */
export const areRewindable = (devices: readonly unknown[]): boolean =>
  devices.every((device) => (device as { rewindable?: { get(): unknown } }).rewindable?.get() ?? true);

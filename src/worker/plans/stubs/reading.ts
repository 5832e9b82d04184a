import type { Readings, Status } from '../../devices/protocols.ts';
import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { areRewindable, hintedFields, isLocatable, isTriggerable, separateDevices } from '../device-family.ts';
import type { Device } from '../device-family.ts';
import { contingencyWrapper } from '../wrappers/cleanup.ts';
import { rewindableWrapper } from '../wrappers/rewindable.ts';
import { repr } from '../../startup/python-repr.ts';
import { create, drop, save } from './bundle.ts';
import { nothing } from './control.ts';
import { shortName } from './group-name.ts';
import { wait } from './waiting.ts';

export function* trigger(device: unknown, options: { group?: unknown; wait?: boolean } = {}): Plan<Status> {
  const { group = null } = options;
  const status: Status = yield msg('trigger', device, [], { group });
  if (options.wait) yield msg('wait', null, [], { group });
  return status;
}

/** Reads a device; into the open bundle if there is one. Returns its readings. */
export function* read(device: unknown): Plan<Readings | null> {
  return yield msg('read', device);
}

/** Where devices are meant to be and where they are; a list only when there are several, unless told otherwise. */
export function* locate(devices: readonly unknown[], { squeeze = true }: { squeeze?: boolean } = {}): Plan {
  const [first, ...others] = devices;
  return yield msg('locate', first, others, { squeeze });
}

export function* monitor(device: unknown, options: { name?: string | null; [passedOn: string]: unknown } = {}): Plan {
  const { name = null, ...passedOn } = options;
  return yield msg('monitor', device, [], { name, ...passedOn });
}

export function* unmonitor(device: unknown): Plan {
  return yield msg('unmonitor', device);
}

/** The one value of a device: where it is, its only hinted field, or its only field. */
export function* rd(device: Device, { defaultValue = 0 }: { defaultValue?: unknown } = {}): Plan {
  if (isLocatable(device)) {
    const location: { readback: unknown } | null = yield msg('locate', device);
    return location ? location.readback : defaultValue;
  }
  const fields = hintedFields(device);
  if (fields.length > 1) throw noSingleValue(device, `${fields.length} items hinted (${fields.join(', ')})`);
  const readings = yield* read(device);
  if (!readings) return defaultValue;
  if (fields[0] !== undefined) return readings[fields[0]]?.value;
  const values = Object.values(readings);
  if (values.length !== 1) throw noSingleValue(device, `${values.length} read values`);
  return values[0]?.value;
}

/**
 * Triggers what can be triggered, waits for it, and reads everything into one event of the stream `name`. When reading
 * fails no event comes of it. Returns all readings.
 */
export function* triggerAndRead(devices: readonly Device[], name = 'primary'): Plan<Readings> {
  if (devices.length === 0) yield* nothing();
  const separate = separateDevices(devices);
  return yield* rewindableWrapper(triggerThenRead(separate, name), areRewindable(separate));
}

function* triggerThenRead(devices: readonly Device[], name: string): Plan<Readings> {
  const group = shortName('trigger');
  const triggered = devices.filter(isTriggerable);
  for (const device of triggered) yield msg('trigger', device, [], { group });
  if (triggered.length > 0) yield* wait(group);
  yield* create(name);
  return yield* contingencyWrapper(readAll(devices), { exceptPlan: () => drop() as Plan<void>, elsePlan: save });
}

function* readAll(devices: readonly Device[]): Plan<Readings> {
  const all: Readings = {};
  for (const device of devices) {
    const readings: Readings | null = yield msg('read', device);
    Object.assign(all, readings);
  }
  return all;
}

const noSingleValue = (device: Device, has: string): Error =>
  new Error(
    `Your object ${repr(device)} (${device.name}) has ${has}.  We do not know how to pick out a single value.  ` +
      'Please adjust the hinting by setting the kind of the components of this device or by reading one of its components',
  );

import type { Status } from '../../devices/protocols.ts';
import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import type { Device } from '../device-family.ts';
import { mergedPositions } from '../patterns/merged-axes.ts';
import { relativeSetWrapper } from '../wrappers/relative.ts';
import { uniqueName } from './group-name.ts';

export interface SetOptions {
  group?: unknown;
  wait?: boolean;
  [passedOn: string]: unknown;
}

/** Starts a device towards a value, and with `wait` waits until it is there. */
export function* absSet(device: unknown, value: unknown, options: SetOptions = {}): Plan<Status> {
  const { group = null, wait = false, ...passedOn } = options;
  const named = wait && group === null ? uniqueName() : group;
  const status: Status = yield msg('set', device, [value], { group: named, ...passedOn });
  if (wait) yield msg('wait', null, [], { group: named });
  return status;
}

/** The same by a distance from where the device is. */
export const relSet = (device: unknown, distance: unknown, options: SetOptions = {}): Plan<Status> =>
  relativeSetWrapper(absSet(device, distance, options));

export interface MoveOptions {
  group?: unknown;
  /** In seconds, for all of them together. */
  timeout?: number | null;
  [passedOn: string]: unknown;
}

/** Moves devices together and waits for all: `mv([m1, 1.5, m2, 3])`. Returns the status of each. */
export function* mv(pairs: readonly unknown[], options: MoveOptions = {}): Plan<Status[]> {
  const { timeout = null, group: given, ...passedOn } = options;
  const group = given ?? uniqueName();
  const statuses: Status[] = [];
  for (const [device, value] of mergedPositions(new Map(inPairs(pairs)))) {
    statuses.push(yield msg('set', device, [value], { group, ...passedOn }));
  }
  yield msg('wait', null, [], { group, timeout });
  return statuses;
}

/** Moves devices by distances from where they are: `mvr([m1, 0.1, m2, -0.1])`. */
export const mvr = (pairs: readonly unknown[], options: MoveOptions = {}): Plan<Status[]> =>
  relativeSetWrapper(
    mv(pairs, options),
    inPairs(pairs).map(([device]) => device),
  );

export function* stop(device: unknown): Plan {
  return yield msg('stop', device);
}

function inPairs(values: readonly unknown[]): [Device, unknown][] {
  if (values.length === 0 || values.length % 2 === 1) {
    throw new TypeError(`devices and values must come in pairs, received ${values.length} arguments`);
  }
  const pairs: [Device, unknown][] = [];
  for (let at = 0; at < values.length; at += 2) pairs.push([values[at] as Device, values[at + 1]]);
  return pairs;
}

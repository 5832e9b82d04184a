import type { Flyable, Status } from '../../devices/protocols.ts';
import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { isFlyable } from '../device-family.ts';
import { shortName, uniqueName } from './group-name.ts';
import { wait } from './waiting.ts';

export interface FlyOptions {
  group?: unknown;
  wait?: boolean;
}

/** Readies a device for what it will be asked to do, in the device's own terms. */
export function* prepare(device: unknown, value: unknown, options: FlyOptions = {}): Plan<Status> {
  const { group = null } = options;
  const status: Status = yield msg('prepare', device, [value], { group });
  if (options.wait) yield* wait(group);
  return status;
}

/** Starts a flyer. */
export const kickoff = (flyer: unknown, options: FlyOptions = {}): Plan<Status> => flyOne('kickoff', flyer, options);

/** Asks a flyer to come to its end. */
export const complete = (flyer: unknown, options: FlyOptions = {}): Plan<Status> => flyOne('complete', flyer, options);

/** Starts flyers together, and waits until all have taken off. */
export const kickoffAll = (flyers: readonly unknown[], options: FlyOptions = {}): Plan<Status[]> =>
  flyAll('kickoff', flyers, { wait: true, ...options });

/** Asks flyers together to come to their end. */
export const completeAll = (flyers: readonly unknown[], options: FlyOptions = {}): Plan<Status[]> =>
  flyAll('complete', flyers, options);

export interface CollectOptions {
  name?: string | null;
  stream?: boolean;
  returnPayload?: boolean;
}

/** Turns into documents what flyers have recorded. */
export function* collect(flyers: unknown, options: CollectOptions = {}): Plan<unknown[]> {
  const [first, ...others] = Array.isArray(flyers) ? flyers : [flyers];
  const { stream = false, returnPayload = true, name = null } = options;
  return yield msg('collect', first, others, { stream, return_payload: returnPayload, name });
}

export interface CollectWhileOptions {
  /** Seconds between two collections; `null` collects once, at the end. */
  flushPeriod?: number | null;
  streamName?: string | null;
  watch?: readonly string[];
}

/** Completes `flyers`, and collects from `detectors` while they are on their way. */
export function* collectWhileCompleting(
  flyers: readonly unknown[],
  detectors: readonly unknown[],
  { flushPeriod = null, streamName = null, watch = [] }: CollectWhileOptions = {},
): Plan<void> {
  const group = shortName('complete');
  yield* completeAll(flyers, { group });
  for (let done = false; !done;) {
    done = yield* wait(group, { timeout: flushPeriod, errorOnTimeout: false, watch });
    yield* collect(detectors, { name: streamName });
  }
}

function* flyOne(command: string, flyer: unknown, options: FlyOptions): Plan<Status> {
  const { group = null } = options;
  const status: Status = yield msg(command, flyer, [], { group });
  if (options.wait) yield* wait(group);
  return status;
}

function* flyAll(command: string, flyers: readonly unknown[], options: FlyOptions): Plan<Status[]> {
  const group = options.group ?? uniqueName();
  const statuses: Status[] = [];
  for (const flyer of flyers.map(checkedFlyer)) statuses.push(yield msg(command, flyer, [], { group }));
  if (options.wait) yield* wait(group);
  return statuses;
}

function checkedFlyer(candidate: unknown): Flyable {
  if (isFlyable(candidate)) return candidate;
  throw new TypeError(`${String(candidate)} does not implement all Flyable methods`);
}

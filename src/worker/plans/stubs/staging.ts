import type { Status } from '../../devices/protocols.ts';
import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { isStatus } from '../device-family.ts';
import { uniqueName } from './group-name.ts';

export interface StageOptions {
  group?: unknown;
  /** Whether to wait for a device that stages with a status; one that stages at once has been waited for already. */
  wait?: boolean | null;
}
type Staged = Status | unknown[];

/** Makes a device ready for an acquisition. */
export const stage = (device: unknown, options: StageOptions = {}): Plan<Staged> => stageOne('stage', device, options);

/** Puts a device back to how it was before it was staged. */
export const unstage = (device: unknown, options: StageOptions = {}): Plan<Staged> =>
  stageOne('unstage', device, options);

export const stageAll = (devices: readonly unknown[], group?: unknown): Plan<void> => all('stage', devices, group);
export const unstageAll = (devices: readonly unknown[], group?: unknown): Plan<void> => all('unstage', devices, group);

function* stageOne(command: string, device: unknown, { group = null, wait = null }: StageOptions): Plan<Staged> {
  const response: Staged = yield msg(command, device, [], { group });
  if (isStatus(response)) {
    if (wait) yield msg('wait', null, [], { group });
  } else if (wait === false) {
    throw new Error(`${String(device)}: Is an old style device and cannot be told not to wait`);
  }
  return response;
}

function* all(command: string, devices: readonly unknown[], group: unknown = uniqueName()): Plan<void> {
  let mustWait = false;
  for (const device of devices) {
    const response: Staged = yield msg(command, device, [], { group });
    mustWait ||= isStatus(response);
  }
  if (mustWait) yield msg('wait', null, [], { group });
}

import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';

/** Nothing at all: a place where the RunEngine may look up. */
export function* nothing(): Plan {
  return yield msg('null');
}

/** From here a plan is replayed after a pause or a suspension; also where a deferred pause is taken. */
export function* checkpoint(): Plan {
  return yield msg('checkpoint');
}

/** What follows cannot be replayed: until the next checkpoint a pause becomes an abort. */
export function* clearCheckpoint(): Plan {
  return yield msg('clear_checkpoint');
}

export function* pause(): Plan {
  return yield msg('pause', null, [], { defer: false });
}

/** Asks for a pause at the next checkpoint. */
export function* deferredPause(): Plan {
  return yield msg('pause', null, [], { defer: true });
}

/** Asks a person. Returns the answer. */
export function* inputPlan(prompt = ''): Plan<string> {
  return yield msg('input', null, [], { prompt });
}

/** Calls `consumer` with each document of the kind `name` until the call of the RunEngine ends. Returns a token. */
export function* subscribe(name: string, consumer: (name: string, document: unknown) => void): Plan<number> {
  return yield msg('subscribe', null, [consumer, name]);
}

export function* unsubscribe(token: number): Plan {
  return yield msg('unsubscribe', null, [], { token });
}

export function* installSuspender(suspender: unknown): Plan {
  return yield msg('install_suspender', null, [suspender]);
}

export function* removeSuspender(suspender: unknown): Plan {
  return yield msg('remove_suspender', null, [suspender]);
}

/** Changes a device's configuration. Returns its configuration before and after. */
export function* configure(device: unknown, ...settings: readonly unknown[]): Plan<[unknown, unknown]> {
  return yield msg('configure', device, settings);
}

/** Says the same to several objects. Returns the responses in their order. */
export function* broadcast(
  command: string,
  objects: Iterable<unknown>,
  args: readonly unknown[] = [],
  kwargs: Readonly<Record<string, unknown>> = {},
): Plan<unknown[]> {
  const responses: unknown[] = [];
  for (const object of objects) responses.push(yield msg(command, object, args, kwargs));
  return responses;
}

import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { separateDevices } from '../device-family.ts';
import type { Device } from '../device-family.ts';

/** Announces a stream before its first event, so that its descriptor is out even if no event ever comes. */
export function* declareStream(
  objects: readonly Device[],
  { name, collect = false }: { name: string; collect?: boolean },
): Plan {
  return yield msg('declare_stream', null, separateDevices(objects), { name, collect });
}

/** Opens a bundle: what is read from now on becomes one event of the stream `name`. */
export function* create(name = 'primary'): Plan {
  return yield msg('create', null, [], { name });
}

export function* save(): Plan {
  return yield msg('save');
}

/** Gives the open bundle up: no event comes of it. */
export function* drop(): Plan {
  return yield msg('drop');
}

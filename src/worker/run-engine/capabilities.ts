import type * as devices from '../devices/protocols.ts';

/**
 * What a device can do shows in its methods, so that a device needs neither a base class nor a registration.
 * `require…` refuses, in bluesky's words, what a message needs and the device lacks.
 */
const METHODS = {
  Readable: ['read', 'describe'],
  Configurable: ['readConfiguration', 'describeConfiguration'],
  Movable: ['set'],
  Locatable: ['set', 'locate'],
  Triggerable: ['trigger'],
  Preparable: ['prepare'],
  Stageable: ['stage', 'unstage'],
  Pausable: ['pause', 'resume'],
  Stoppable: ['stop'],
  Subscribable: ['subscribe', 'clearSub'],
  Flyable: ['kickoff', 'complete'],
  Collectable: ['describeCollect'],
  EventCollectable: ['describeCollect', 'collect'],
  EventPageCollectable: ['describeCollect', 'collectPages'],
  WritesExternalAssets: ['collectAssetDocs'],
  WritesStreamAssets: ['collectAssetDocs', 'getIndex'],
  Status: ['addCallback', 'exception'],
} as const satisfies Record<string, readonly string[]>;

interface Capabilities {
  Readable: devices.Readable;
  Configurable: devices.Configurable;
  Movable: devices.Movable;
  Locatable: devices.Locatable;
  Triggerable: devices.Triggerable;
  Preparable: devices.Preparable;
  Stageable: devices.Stageable;
  Pausable: devices.Pausable;
  Stoppable: devices.Stoppable;
  Subscribable: devices.Subscribable;
  Flyable: devices.Flyable;
  Collectable: devices.Collectable;
  EventCollectable: devices.EventCollectable;
  EventPageCollectable: devices.EventPageCollectable;
  WritesExternalAssets: devices.WritesExternalAssets;
  WritesStreamAssets: devices.WritesStreamAssets;
  Status: devices.Status;
}
export type Capability = keyof Capabilities;

export function supports<C extends Capability>(object: unknown, capability: C): object is Capabilities[C] {
  if ((typeof object !== 'object' && typeof object !== 'function') || object === null) return false;
  for (const method of METHODS[capability]) {
    if (typeof (object as Record<string, unknown>)[method] !== 'function') return false;
  }
  return true;
}

/** @throws TypeError naming the object and the protocol */
export function requireSupport<C extends Capability>(object: unknown, capability: C): Capabilities[C] {
  if (supports(object, capability)) return object;
  throw new TypeError(`${nameOf(object)} does not implement all ${capability} methods`);
}

/** How a device is called in texts. */
export function nameOf(object: unknown): string {
  if (typeof object === 'object' && object !== null && 'name' in object) return String(object.name);
  return String(object);
}

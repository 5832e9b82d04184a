import type { DataKeys, Hints, Readings, Status } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { together } from './part.ts';
import type { Kind, Part, Place } from './part.ts';
import { Subscriptions } from './subscriptions.ts';

/** Somebody staged a device that is staged already: two plans would set it up against each other. */
export class RedundantStaging extends Error {
  override readonly name = 'RedundantStaging';
}

/**
 * A device made of parts. What it reads and describes is what its parts do, by their kind.
 *
 * It is `unstaged` until `stage()`, and `staged` until `unstage()`; staging twice is an error.
 */
export class Device implements Part {
  static readonly pythonModule: string = 'ophyd.device';

  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  /** Parts by the name that they have in dotted names, in the order in which they are read. */
  readonly components: ReadonlyMap<string, Part>;
  readonly #subscriptions = new Subscriptions(() => this.read());
  #readParts: readonly Part[] = [];
  #state: 'unstaged' | 'staged' = 'unstaged';

  constructor({ name, parent = null, kind = 'normal' }: Place) {
    this.name = name;
    this.parent = parent;
    this.kind = kind;
    this.components = new Map();
  }

  get hints(): Hints | undefined {
    return { fields: this.#readParts.flatMap((part) => part.hints?.fields ?? []) };
  }

  read(): Readings {
    return together(this.#readParts, (part) => part.read());
  }

  describe(): DataKeys {
    return together(this.#readParts, (part) => part.describe());
  }

  readConfiguration(): Readings {
    return together(this.#configurationParts(), (part) => part.readConfiguration());
  }

  describeConfiguration(): DataKeys {
    return together(this.#configurationParts(), (part) => part.describeConfiguration());
  }

  /** `{ velocity: 2 }` */
  configure(settings: Readonly<Record<string, unknown>>): [Readings, Readings] {
    const before = this.readConfiguration();
    for (const name of Object.keys(settings)) this.#refuseUnlessConfiguration(name);
    for (const [name, value] of Object.entries(settings)) {
      (this.components.get(name) as unknown as { put(value: unknown): void }).put(value);
    }
    return [before, this.readConfiguration()];
  }

  trigger(): Status {
    return DeviceStatus.finished();
  }

  /** Returns this device and the parts that were staged with it. */
  stage(): unknown[] {
    if (this.#state === 'staged') {
      throw new RedundantStaging(`Device ${String(this)} is already staged. Unstage it first.`);
    }
    this.#state = 'staged';
    return [this, ...this.#subDevices().flatMap((device) => device.stage())];
  }

  unstage(): unknown[] {
    this.#state = 'unstaged';
    return [
      this,
      ...this.#subDevices()
        .toReversed()
        .flatMap((device) => device.unstage()),
    ];
  }

  /** Stops what moves by itself in here. */
  stop(options?: { success?: boolean }): void {
    for (const device of this.#subDevices()) device.stop(options);
  }

  /** Nothing here goes on by itself: there is nothing to hold. */
  pause(): void {}
  resume(): void {}

  subscribe(callback: (readings: Readings) => void): void {
    this.#subscriptions.add(callback);
  }

  clearSub(callback: (readings: Readings) => void): void {
    this.#subscriptions.remove(callback);
  }

  /** As ophyd shows a device. */
  toString(): string {
    const parent = this.parent instanceof Device ? `, parent='${this.parent.name}'` : '';
    const read = attributeNames(this, isRead);
    const configuration = attributeNames(this, isConfiguration);
    return (
      `${this.constructor.name}(prefix='', name='${this.name}'${parent}, ` +
      `read_attrs=[${read.join(', ')}], configuration_attrs=[${configuration.join(', ')}])`
    );
  }

  /** Adds a part; its name in readings is `{device}_{attribute}` unless it is given one. */
  protected add<P extends Part>(attribute: string, kind: Kind, make: (place: Required<Place>) => P, name?: string): P {
    const part = make({ name: name ?? `${this.name}_${attribute}`, parent: this, kind });
    (this.components as Map<string, Part>).set(attribute, part); // read-only for everybody else
    if (isRead(part)) this.#readParts = [...this.#readParts, part];
    return part;
  }

  protected tellSubscribers(): void {
    this.#subscriptions.tell();
  }

  #configurationParts(): Part[] {
    return [...this.components.values()].filter(isConfiguration);
  }

  #subDevices(): Device[] {
    return [...this.components.values()].filter((part) => part instanceof Device);
  }

  #refuseUnlessConfiguration(name: string): void {
    const part = this.components.get(name);
    if (!part) throw new RangeError(`There is no signal named ${name}`);
    if (isConfiguration(part)) return;
    throw new RangeError(`${name} is not one of the configuration_fields, so it cannot be changed using configure`);
  }
}

const isRead = ({ kind }: Part): boolean => kind === 'hinted' || kind === 'normal';

/** A device that is read has its configuration in that of its parent, too. */
const isConfiguration = (part: Part): boolean => part.kind === 'config' || (part instanceof Device && isRead(part));

function attributeNames(device: Device, isWanted: (part: Part) => boolean): string[] {
  return [...device.components].flatMap(([attribute, part]) => {
    if (!isWanted(part)) return [];
    const below = part instanceof Device ? attributeNames(part, isWanted) : [];
    return [`'${attribute}'`, ...below.map((name) => `'${attribute}.${name.slice(1)}`)];
  });
}

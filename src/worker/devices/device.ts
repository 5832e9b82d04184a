import type { DeviceContext } from './device-context.ts';
import { connectionError } from './not-connected.ts';
import { gathered, type Kind, type Part, type Place } from './part.ts';
import type { DataKeys, Hints, Readings, SyncOrAsync } from './protocols.ts';

/** Somebody staged a device that is staged already: two plans would set it up against each other. */
export class RedundantStaging extends Error {
  override readonly name = 'RedundantStaging';
}

/** A part that has parts of its own, whose configuration is that of its parent, too. */
const isDevice = (part: Part): part is Device => part instanceof Device;
const isRead = ({ kind }: Part): boolean => kind === 'hinted' || kind === 'normal';

/**
 * A device made of parts that live elsewhere. What it reads and describes is what its parts do, by their kind; it is
 * connected when all of them are. Constructing it touches nothing.
 *
 * It is `unstaged` until `stage()`, and `staged` until `unstage()`; staging twice is an error.
 *
 *     class Slit extends Device {
 *       readonly top = this.add('top', 'normal', (place) => new EpicsMotor('BL:SLIT:TOP', place));
 *     }
 */
export class Device implements Part {
  static readonly pythonModule: string = 'ophyd.device';

  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  /** Parts by the name that they have in dotted names, in the order in which they are read. */
  readonly components: ReadonlyMap<string, Part> = new Map();
  #state: 'unstaged' | 'staged' = 'unstaged';

  constructor({ name, parent = null, kind = 'normal' }: Place) {
    this.name = name;
    this.parent = parent;
    this.kind = kind;
  }

  get hints(): Hints {
    return { fields: this.#parts(isRead).flatMap((part) => part.hints.fields ?? []) };
  }

  /** All parts at once. @throws Error that lists what is not connected */
  async connect(context: DeviceContext, timeout: number): Promise<void> {
    const outcomes = await Promise.allSettled(
      [...this.components.values()].map((part) => part.connect(context, timeout)),
    );
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    if (failures.length > 0) throw connectionError(this.name, failures);
  }

  disconnect(): void {
    for (const part of this.components.values()) part.disconnect();
  }

  read(): SyncOrAsync<Readings> {
    return gathered(this.#parts(isRead).map((part) => part.read()));
  }

  describe(): SyncOrAsync<DataKeys> {
    return gathered(this.#parts(isRead).map((part) => part.describe()));
  }

  readConfiguration(): SyncOrAsync<Readings> {
    return gathered([
      ...this.#parts(isConfiguration).map((part) => part.read()),
      ...this.#parts(isDevice).map((part) => part.readConfiguration()),
    ]);
  }

  describeConfiguration(): SyncOrAsync<DataKeys> {
    return gathered([
      ...this.#parts(isConfiguration).map((part) => part.describe()),
      ...this.#parts(isDevice).map((part) => part.describeConfiguration()),
    ]);
  }

  /** `{ velocity: 2 }`; resolves with the configuration before and after. @throws RangeError naming what is no configuration */
  async configure(settings: Readonly<Record<string, unknown>>): Promise<[Readings, Readings]> {
    const parts = Object.entries(settings).map(([name, value]) => [this.#configurable(name), value] as const);
    const before = await this.readConfiguration();
    await Promise.all(parts.map(([part, value]) => part.set(value).finished));
    return [before, await this.readConfiguration()];
  }

  /** Returns this device and the parts that were staged with it. */
  stage(): unknown[] {
    if (this.#state === 'staged')
      throw new RedundantStaging(`Device ${this.name} is already staged. Unstage it first.`);
    this.#state = 'staged';
    return [this, ...this.#parts(isRead).flatMap((part) => part.stage())];
  }

  unstage(): unknown[] {
    this.#state = 'unstaged';
    return [
      this,
      ...this.#parts(isRead)
        .toReversed()
        .flatMap((part) => part.unstage()),
    ];
  }

  /** As ophyd shows a device. */
  toString(): string {
    return `${this.constructor.name}(name='${this.name}')`;
  }

  /** Adds a part; its name in readings is `{device}_{attribute}` unless it is given one. */
  protected add<P extends Part>(attribute: string, kind: Kind, make: (place: Required<Place>) => P, name?: string): P {
    const part = make({ name: name ?? `${this.name}_${attribute}`, parent: this, kind });
    (this.components as Map<string, Part>).set(attribute, part); // read-only for everybody else
    return part;
  }

  #parts(isWanted: (part: Part) => boolean): Part[] {
    return [...this.components.values()].filter(isWanted);
  }

  #configurable(name: string): { set(value: unknown): { finished: Promise<void> } } {
    const part = this.components.get(name);
    if (part === undefined) throw new RangeError(`There is no signal named ${name}`);
    if (part.kind !== 'config' || !('set' in part)) {
      throw new RangeError(`${name} is not one of the configuration_fields, so it cannot be changed using configure`);
    }
    return part as Part & { set(value: unknown): { finished: Promise<void> } };
  }
}

const isConfiguration = (part: Part): boolean => part.kind === 'config';

import type { DataKey, DataKeys, Hints, Readings } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { Device } from './device.ts';
import type { Kind, Part, Place } from './part.ts';
import { Signal } from './signal.ts';
import { now } from './subscriptions.ts';

type Limits = readonly [low: number, high: number];
const NO_LIMITS: Limits = [0, 0];

/** A position that is taken at once; nothing moves. */
export class SoftPositioner implements Part {
  static readonly pythonModule = 'ophyd.positioner';
  readonly name: string;
  readonly parent: unknown;
  readonly kind: Kind;
  position: number;

  constructor({ name, parent = null, kind = 'normal', position = 0 }: Place & { position?: number }) {
    this.name = name;
    this.parent = parent;
    this.kind = kind;
    this.position = position;
  }

  get hints(): Hints {
    return { fields: this.kind === 'hinted' ? [this.name] : [] };
  }

  set(position: number): DeviceStatus {
    this.position = position;
    return DeviceStatus.finished();
  }

  stop(): void {}

  read(): Readings {
    return { [this.name]: { value: this.position, timestamp: now() } };
  }

  describe(): DataKeys {
    const key = { source: 'computed', dtype: 'number', shape: [], units: '', ...controlLimits(NO_LIMITS) } as const;
    return { [this.name]: { ...key, shape: [] } };
  }

  readConfiguration(): Readings {
    return {};
  }

  describeConfiguration(): DataKeys {
    return {};
  }
}

export interface PseudoSingleOptions {
  limits?: Limits | null;
  egu?: string;
}

/** One axis of a pseudo positioner: moves it with the other axes left where they are meant to be. */
export class PseudoSingle extends Device {
  static override readonly pythonModule = 'ophyd.pseudopos';
  readonly limits: Limits;
  readonly egu: string;
  readonly #positioner: PseudoPositioner;
  #target: number | null = null;

  constructor(place: Place & { parent: PseudoPositioner }, { limits, egu = '' }: PseudoSingleOptions) {
    super(place);
    this.#positioner = place.parent;
    this.limits = limits ?? NO_LIMITS;
    this.egu = egu;
    const shown = { units: egu, ...controlLimits(this.limits) };
    this.add(
      'readback',
      'hinted',
      (part) => new AttributeSignal(part, 'position', () => this.position, shown),
      this.name,
    );
    this.add('setpoint', 'normal', (part) => new AttributeSignal(part, 'target', () => this.target, shown));
  }

  get position(): number {
    return this.#positioner.position[this.#positioner.pseudoPositioners.indexOf(this)] ?? 0;
  }

  get target(): number {
    return this.#target ?? this.position;
  }

  set(position: number): DeviceStatus {
    const target = this.#positioner.pseudoPositioners.map((axis) => (axis === this ? position : axis.target));
    return this.#positioner.set(target);
  }

  /** For the positioner, when it moved the axes together. */
  tellOfMove(): void {
    this.tellSubscribers();
  }

  /** Remembers where the positioner was sent. */
  aimAt(position: number): void {
    this.#target = position;
  }

  checkValue(position: number): void {
    const [low, high] = this.limits;
    if (high <= low || (position >= low && position <= high)) return;
    throw new RangeError(`Position is outside of pseudo single limits: ${this.name}, ${low} < ${position} < ${high}`);
  }
}

/** Axes that are computed from other axes: how is what a subclass says. */
export abstract class PseudoPositioner extends Device {
  readonly pseudoPositioners: PseudoSingle[] = [];
  readonly realPositioners: SoftPositioner[] = [];

  /** Where the real axes are when the pseudo axes are at `pseudo`. */
  protected abstract forward(pseudo: readonly number[]): number[];
  /** The opposite. */
  protected abstract inverse(real: readonly number[]): number[];

  get position(): number[] {
    return this.inverse(this.realPositioners.map(({ position }) => position));
  }

  /** `[1, 2, 3]`, or `{ pseudo1: 1 }` with the other axes left where they are meant to be. */
  set(position: readonly number[] | Readonly<Record<string, number>>): DeviceStatus {
    const target = isList(position) ? position : this.#completed(position);
    this.checkValue(target);
    for (const [index, axis] of this.pseudoPositioners.entries()) axis.aimAt(target[index] as number);
    for (const [index, real] of this.forward(target).entries()) void this.realPositioners[index]?.set(real);
    this.tellSubscribers();
    for (const axis of this.pseudoPositioners) axis.tellOfMove();
    return DeviceStatus.finished();
  }

  checkValue(position: readonly number[]): void {
    if (position.length !== this.pseudoPositioners.length) {
      throw new RangeError(`Not all required values for a position of ${this.name}: ${position.join(', ')}`);
    }
    for (const [index, axis] of this.pseudoPositioners.entries()) axis.checkValue(position[index] as number);
  }

  protected addPseudo(attribute: string, options: PseudoSingleOptions = {}): void {
    const axis = this.add(attribute, 'hinted', (place) => new PseudoSingle({ ...place, parent: this }, options));
    this.pseudoPositioners.push(axis);
  }

  protected addReal(attribute: string): void {
    this.realPositioners.push(this.add(attribute, 'normal', (place) => new SoftPositioner(place)));
  }

  #completed(position: Readonly<Record<string, number>>): number[] {
    const axes = [...this.components].filter(([, part]) => part instanceof PseudoSingle) as [string, PseudoSingle][];
    const unknown = Object.keys(position).find((name) => !axes.some(([attribute]) => attribute === name));
    if (unknown !== undefined) throw new RangeError(`${this.name} has no pseudo axis ${unknown}`);
    return axes.map(([attribute, axis]) => position[attribute] ?? axis.target);
  }
}

/** Shows an attribute of the device that it is part of. */
class AttributeSignal extends Signal {
  static override readonly pythonModule = 'ophyd.signal';
  readonly #get: () => number;
  readonly #key: Partial<DataKey>;

  constructor(place: Place & { parent: unknown }, attribute: string, get: () => number, key: Partial<DataKey>) {
    super({ ...place, value: 0 });
    const { name } = place.parent as { name: string };
    this.#get = get;
    this.#key = { source: `PY:${name}.${attribute}`, ...key };
  }

  override get(): number {
    return this.#get();
  }

  protected override timestamp(): number {
    return now();
  }

  protected override dataKey(): DataKey {
    return { ...super.dataKey(), ...this.#key };
  }
}

const controlLimits = ([low, high]: Limits) => ({ upper_ctrl_limit: high, lower_ctrl_limit: low });

const isList = (position: unknown): position is readonly number[] => Array.isArray(position);

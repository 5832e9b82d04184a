import type { DataKey, Hints } from '../protocols.ts';
import { DeviceStatus } from '../status.ts';
import { Device } from './device.ts';
import type { Kind, Place } from './part.ts';
import { Signal } from './signal.ts';
import { now } from './subscriptions.ts';

export interface SynAxisOptions extends Place {
  value?: number;
  /** Seconds that a move takes. */
  delay?: number;
  /** Positions that are told of in a move that takes time. */
  eventsPerMove?: number;
  precision?: number;
  egu?: string;
  /** Where the axis is said to be when it is at a position. */
  readbackOf?: (position: number) => number;
}

interface Position {
  value: number;
  timestamp: number;
}

/** A motor that is anywhere at once, or after a while. */
export class SynAxis extends Device {
  static override readonly pythonModule: string = 'ophyd.sim';
  readonly readback: Signal;
  readonly setpoint: Signal;
  readonly velocity: Signal;
  readonly acceleration: Signal;
  readonly unused: Signal;
  readonly egu: string;
  readonly precision: number;
  delay: number;
  readonly #eventsPerMove: number;
  readonly #readbackOf: (position: number) => number;
  readonly #isAt: Position;
  readonly #isToBe: Position;

  constructor(options: SynAxisOptions) {
    super(options);
    const { value = 0, delay = 0, eventsPerMove = 1, precision = 3, egu = 'mm', readbackOf = itself } = options;
    if (eventsPerMove < 1) throw new RangeError('At least 1 event per move is required');
    this.delay = delay;
    this.egu = egu;
    this.precision = precision;
    this.#eventsPerMove = eventsPerMove;
    this.#readbackOf = readbackOf;
    this.#isAt = { value: readbackOf(value), timestamp: now() };
    this.#isToBe = { value, timestamp: now() };
    const shown = { precision, position: this.#isAt };
    this.readback = this.add('readback', this.readbackKind(), (place) => new ReadbackSignal(place, shown), this.name);
    this.setpoint = this.add(
      'setpoint',
      'normal',
      (place) => new SetpointSignal(place, { precision, position: this.#isToBe, moveTo: (to) => this.set(to) }),
    );
    this.velocity = this.add('velocity', 'config', (place) => new Signal({ ...place, value: 1 }));
    this.acceleration = this.add('acceleration', 'config', (place) => new Signal({ ...place, value: 1 }));
    this.unused = this.add('unused', 'omitted', (place) => new Signal({ ...place, value: 1 }));
  }

  get position(): number | undefined {
    return this.#isAt.value;
  }

  set(target: number): DeviceStatus {
    if (typeof target !== 'number') throw new TypeError(`${this.name} moves to numbers, received ${String(target)}`);
    const from = this.#isToBe.value;
    this.#isToBe.value = target;
    this.#isToBe.timestamp = now();
    this.setpoint.tellSubscribers();
    const status = new DeviceStatus({ of: `the move of ${this.name} to ${target}` });
    // Nobody may see the axis arrive before the call that sent it has returned.
    if (this.delay > 0) this.#travel(from, target, status);
    else queueMicrotask(() => this.#arrive(target, status));
    return status;
  }

  /** What `kind` the readback has; without it the axis cannot be read. */
  protected readbackKind(): Kind {
    return 'hinted';
  }

  #travel(from: number, target: number, status: DeviceStatus): void {
    const steps = this.#eventsPerMove;
    const step = (index: number): void => {
      setTimeout(
        () => {
          if (index === steps) return this.#arrive(target, status);
          this.#moveTo(from + (target - from) * (index / steps));
          const { name, egu: unit, precision } = this;
          const current = this.#isAt.value;
          status.progress({ name, current, initial: from, target, unit, precision, fraction: 1 - index / steps });
          step(index + 1);
        },
        (this.delay / steps) * 1000,
      );
    };
    step(1);
  }

  #arrive(target: number, status: DeviceStatus): void {
    this.#moveTo(target);
    status.setFinished();
  }

  #moveTo(position: number): void {
    this.#isAt.value = this.#readbackOf(position);
    this.#isAt.timestamp = now();
    this.readback.tellSubscribers();
    this.tellSubscribers();
  }
}

/** Gives hints, but none that says anything. */
export class SynAxisEmptyHints extends SynAxis {
  static override readonly pythonModule = 'ophyd.sim';

  override get hints(): Hints {
    return {};
  }
}

/** Gives no hints, and does not read where it is. */
export class SynAxisNoHints extends SynAxis {
  static override readonly pythonModule = 'ophyd.sim';

  override get hints(): undefined {
    return undefined;
  }

  protected override readbackKind(): Kind {
    return 'omitted';
  }
}

/** Does not say where it is, other than by being read. */
export class SynAxisNoPosition extends SynAxis {
  static override readonly pythonModule = 'ophyd.sim';

  override get position(): undefined {
    return undefined;
  }
}

interface Shown {
  precision: number;
  position: Readonly<Position>;
}

class ReadbackSignal extends Signal {
  static override readonly pythonModule: string = 'ophyd.sim';
  static readonly pythonName: string = '_ReadbackSignal';
  readonly #shown: Shown;

  constructor(place: Place, shown: Shown) {
    super({ ...place, value: shown.position.value });
    this.#shown = shown;
  }

  override get(): number {
    return this.#shown.position.value;
  }

  override put(_value: number): void {
    throw new TypeError(`The signal ${this.name} is readonly.`);
  }

  protected override timestamp(): number {
    return this.#shown.position.timestamp;
  }

  protected override dataKey(): DataKey {
    return { ...super.dataKey(), precision: this.#shown.precision };
  }
}

class SetpointSignal extends ReadbackSignal {
  static override readonly pythonModule = 'ophyd.sim';
  static override readonly pythonName = '_SetpointSignal';
  readonly #moveTo: (position: number) => DeviceStatus;

  constructor(place: Place, { moveTo, ...shown }: Shown & { moveTo: (position: number) => DeviceStatus }) {
    super(place, shown);
    this.#moveTo = moveTo;
  }

  override put(value: number): void {
    this.#moveTo(value);
  }

  override set(value: number): DeviceStatus {
    return this.#moveTo(value);
  }
}

const itself = (position: number): number => position;

import type { Device } from '../device-family.ts';
import type { Step } from '../stubs/steps.ts';
import { repr } from '../../startup/python-repr.ts';

/**
 * Where motors go, point by point: what bluesky calls a cycler. Trajectories are combined side by side (`plus`, all
 * motors move at once) or one inside the other (`times`, the second runs through for each point of the first).
 */
export class Trajectory {
  readonly motors: readonly Device[];
  readonly length: number;
  readonly #columns: ReadonlyMap<Device, readonly unknown[]>;
  readonly #expression: string;

  constructor(columns: ReadonlyMap<Device, readonly unknown[]>, expression = inParallel(columns)) {
    const lengths = new Set([...columns.values()].map((positions) => positions.length));
    if (lengths.size > 1) throw new RangeError(`Can only add cycles of equal length, not ${[...lengths].join(' != ')}`);
    this.#columns = columns;
    this.#expression = expression;
    this.motors = [...columns.keys()];
    this.length = [...lengths][0] ?? 0;
  }

  plus(other: Trajectory): Trajectory {
    return new Trajectory(this.#joined(other), `(${String(this)} + ${String(other)})`);
  }

  times(other: Trajectory): Trajectory {
    const slow = [...this.#columns].map(([motor, positions]): [Device, unknown[]] => [
      motor,
      positions.flatMap((position) => Array.from({ length: other.length }, () => position)),
    ]);
    const fast = [...other.#columns].map(([motor, positions]): [Device, unknown[]] => [
      motor,
      Array.from({ length: this.length }, () => positions).flat(),
    ]);
    const columns = new Trajectory(new Map(slow)).#joined(new Trajectory(new Map(fast)));
    return new Trajectory(columns, `(${String(this)} * ${String(other)})`);
  }

  *[Symbol.iterator](): Generator<Step, void> {
    const columns = [...this.#columns];
    for (let point = 0; point < this.length; point += 1) {
      yield new Map(columns.map(([motor, positions]) => [motor, positions[point]]));
    }
  }

  /** As Python shows a cycler. */
  toString(): string {
    return this.#expression;
  }

  #joined(other: Trajectory): Map<Device, readonly unknown[]> {
    const twice = this.motors.find((motor) => other.#columns.has(motor));
    if (twice) throw new TypeError(`Can not compose overlapping cycles: ${twice.name}`);
    return new Map([...this.#columns, ...other.#columns]);
  }
}

/** One motor through a list of positions. */
export const along = (motor: Device, positions: Iterable<unknown>): Trajectory =>
  new Trajectory(new Map([[motor, [...positions]]]));

const inParallel = (columns: ReadonlyMap<Device, readonly unknown[]>): string =>
  [...columns]
    .map(([motor, positions]) => `cycler(${repr(motor)}, ${repr(positions)})`)
    .reduce((left, right) => `(${left} + ${right})`);

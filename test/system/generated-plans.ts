export interface GeneratedPlan {
  name: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
}

/** Those whose values and texts depend on nothing but the motors. */
const DETECTORS = ['det', 'det1', 'det2', 'det3', 'det4'];
const MOTORS = ['motor', 'motor1', 'motor2', 'motor3'];

/** Plans made up from a seed: the same seed gives the same plans. Some of them are wrong on purpose. */
export function generatedPlans(count: number, seed: number): GeneratedPlan[] {
  const chance = new Chance(seed);
  return Array.from({ length: count }, () => chance.among(Object.values(KINDS))(chance));
}

/** Numbers that look random and are not (mulberry32). */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  /** With two decimals, so that Python reads the same. */
  number(low: number, high: number): number {
    return this.integer(low * 100, high * 100) / 100;
  }

  among<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new Error('there is nothing to choose from');
    return choice;
  }

  some<T>(choices: readonly T[], count: number): T[] {
    const left = [...choices];
    return Array.from({ length: count }, () => left.splice(this.integer(0, left.length - 1), 1)).flat();
  }

  list(count: number): number[] {
    return Array.from({ length: count }, () => this.number(-5, 5));
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

type Kind = (chance: Chance) => GeneratedPlan;

const detectors = (chance: Chance): string[] => chance.some(DETECTORS, chance.integer(1, 3));
const motors = (chance: Chance, most = 2): string[] => chance.some(MOTORS, chance.integer(1, most));
const md = (chance: Chance): Record<string, unknown> =>
  chance.integer(0, 2) === 0 ? { md: { sample: chance.among(['salt', 'sugar']), weight: chance.number(0, 3) } } : {};
const plan = (name: string, args: unknown[], kwargs: Record<string, unknown> = {}): GeneratedPlan => ({
  name,
  args,
  kwargs,
});

/** `motor, start, stop` of each motor, with as many points in all or in each. */
const spans = (chance: Chance, most: number, points = false): unknown[] =>
  motors(chance, most).flatMap((motor) => [
    motor,
    chance.number(-5, 0),
    chance.number(0, 5),
    ...(points ? [chance.integer(1, 3)] : []),
  ]);

const KINDS: Readonly<Record<string, Kind>> = {
  count: (chance) => plan('count', [detectors(chance)], { num: chance.integer(1, 4), ...md(chance) }),
  scan: (chance) =>
    plan(chance.among(['scan', 'rel_scan']), [detectors(chance), ...spans(chance, 3)], {
      num: chance.integer(1, 5),
      ...md(chance),
    }),
  listScan(chance) {
    const length = chance.integer(1, 4);
    const lists = motors(chance).flatMap((motor) => [motor, chance.list(length)]);
    return plan(chance.among(['list_scan', 'rel_list_scan']), [detectors(chance), ...lists], md(chance));
  },
  gridScan: (chance) =>
    plan(chance.among(['grid_scan', 'rel_grid_scan']), [detectors(chance), ...spans(chance, 2, true)], {
      snake_axes: chance.among([true, false]),
    }),
  listGridScan(chance) {
    const lists = motors(chance).flatMap((motor) => [motor, chance.list(chance.integer(1, 3))]);
    const kwargs = { snake_axes: chance.among([true, false]) };
    return plan(chance.among(['list_grid_scan', 'rel_list_grid_scan']), [detectors(chance), ...lists], kwargs);
  },
  logScan: (chance) =>
    plan(chance.among(['log_scan', 'rel_log_scan']), [
      detectors(chance),
      chance.among(MOTORS),
      chance.number(-2, 0),
      chance.number(0, 1),
      chance.integer(1, 4),
    ]),
  innerProduct: (chance) =>
    plan(chance.among(['inner_product_scan', 'relative_inner_product_scan']), [
      detectors(chance),
      chance.integer(1, 4),
      ...spans(chance, 2),
    ]),
  x2x: (chance) =>
    plan('x2x_scan', [
      detectors(chance),
      ...chance.some(MOTORS, 2),
      chance.number(-3, 0),
      chance.number(0, 3),
      chance.integer(2, 4),
    ]),
  spiral(chance) {
    const isRelative = chance.among([true, false]);
    const centre = isRelative ? [] : chance.list(2);
    const range = [chance.number(1, 2), chance.number(1, 2)];
    // Steps that are small enough for a few points in any range.
    const step = chance.integer(20, 40) / 100;
    const kinds: Record<string, unknown[]> = {
      spiral: [step, chance.integer(2, 4)],
      spiral_fermat: [step, 1],
      spiral_square: [chance.integer(2, 4), chance.integer(2, 4)],
    };
    const name = chance.among(Object.keys(kinds));
    const args = [detectors(chance), ...chance.some(MOTORS, 2), ...centre, ...range, ...(kinds[name] ?? [])];
    return plan(`${isRelative ? 'rel_' : ''}${name}`, args);
  },
  /** Refused by the plan itself, or by the RunEngine when data keys collide. */
  wrong: (chance) =>
    chance.among([
      plan('scan', [detectors(chance), ...spans(chance, 1)], { num: 0 }),
      plan('scan', [detectors(chance), 'motor', -1], { num: 3 }),
      plan('count', [['det', 'det']]),
      plan('count', [['det1', 'nobody']]),
      plan('list_scan', [detectors(chance), 'motor', [1, 2], 'motor1', [1]]),
    ]),
};

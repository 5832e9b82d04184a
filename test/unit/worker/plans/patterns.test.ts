import { expect, test } from 'vitest';
import { gridAxes } from '../../../../src/worker/plans/grid-arguments.ts';
import { mergedPositions } from '../../../../src/worker/plans/patterns/merged-axes.ts';
import { outerProduct } from '../../../../src/worker/plans/patterns/products.ts';
import { linspace, logspace } from '../../../../src/worker/plans/patterns/spacing.ts';
import { squareSpiral } from '../../../../src/worker/plans/patterns/square-spiral.ts';
import { along } from '../../../../src/worker/plans/patterns/trajectory.ts';
import type { Trajectory } from '../../../../src/worker/plans/patterns/trajectory.ts';

const motor = (name: string) => ({ name, parent: null, set: () => null, read: () => ({}), describe: () => ({}) });
const [x, y, z] = [motor('x'), motor('y'), motor('z')];
const positions = (trajectory: Trajectory): unknown[][] => [...trajectory].map((step) => [...step.values()]);

test('evenly spaced values end exactly where they should', () => {
  expect(linspace(0, 0.3, 4)).toEqual([0, 0.09999999999999999, 0.19999999999999998, 0.3]);
  expect(linspace(2, 5, 1)).toEqual([2]);
  expect(linspace(2, 2, 2)).toEqual([2, 2]);
  expect(logspace(0, 2, 3)).toEqual([1, 10, 100]);
});

test('an end that is no number is refused before anything moves', () => {
  expect(() => linspace('a' as unknown as number, 1, 3)).toThrow("A position must be a number, received 'a'");
});

test('a snaking axis goes forth and back in turns', () => {
  const grid = outerProduct([
    { motor: x, positions: [1, 2, 3], isSnaking: false },
    { motor: y, positions: [4, 5], isSnaking: true },
  ]);
  expect(positions(grid)).toEqual([
    [1, 4],
    [1, 5],
    [2, 5],
    [2, 4],
    [3, 4],
    [3, 5],
  ]);
});

test('trajectories combine side by side and one inside the other', () => {
  expect(positions(along(x, [1, 2]).plus(along(y, [3, 4])))).toEqual([
    [1, 3],
    [2, 4],
  ]);
  const nested = along(x, [1, 2]).times(along(y, [3, 4]));
  expect(positions(nested)).toEqual([
    [1, 3],
    [1, 4],
    [2, 3],
    [2, 4],
  ]);
  expect(String(nested)).toBe('(cycler(<x>, [1, 2]) * cycler(<y>, [3, 4]))');
  expect(() => along(x, [1]).plus(along(x, [2]))).toThrow('Can not compose overlapping cycles: x');
});

test.each([
  [3, 3],
  [4, 3],
  [3, 4],
  [2, 5],
])('a square spiral of %i by %i visits each point of its grid once', (xNum, yNum) => {
  const spiral = squareSpiral({
    xMotor: x,
    yMotor: y,
    xCenter: 0,
    yCenter: 0,
    xRange: xNum - 1,
    yRange: yNum - 1,
    xNum,
    yNum,
  });
  expect(new Set(positions(spiral).map(String)).size).toBe(xNum * yNum);
});

test('pseudo axes of one positioner move as one', () => {
  const parent = {
    name: 'p',
    position: [],
    pseudoPositioners: [] as object[],
    realPositioners: [],
    components: new Map(),
  };
  const h = { name: 'p_h', parent };
  const k = { name: 'p_k', parent };
  parent.pseudoPositioners.push(h, k);
  parent.components.set('h', h).set('k', k);
  const merged = mergedPositions(
    new Map<{ name: string }, unknown>([
      [h, 1],
      [k, 2],
      [x, 3],
    ]),
  );
  expect([...merged]).toEqual([
    [x, 3],
    [parent, { h: 1, k: 2 }],
  ]);
});

test('the arguments of a grid are told apart from their older form', () => {
  expect(gridAxes([x, 0, 1, 2, y, 0, 1, 2], true).map(({ isSnaking }) => isSnaking)).toEqual([false, true]);
  expect(gridAxes([x, 0, 1, 2, y, 0, 1, 2, true], null).map(({ isSnaking }) => isSnaking)).toEqual([false, true]);
  expect(gridAxes([x, 0, 1, 2, y, 0, 1, 2, z, 0, 1, 2], [z]).map(({ isSnaking }) => isSnaking)).toEqual([
    false,
    false,
    true,
  ]);
});

test.each([
  [[x, 0, 1], null, 'Wrong number of elements'],
  [[x, 0, 1, y], null, 'out of place'],
  [[x, 0, 1, 2, x, 0, 1, 2], null, 'listed multiple times'],
  [[x, 0, 1, 2, y, 0, 1, 2, true], true, 'Mixing of deprecated and new API interface is not allowed'],
  [[x, 0, 1, 2, y, 0, 1, 2], [x], 'contains the slowest motor'],
  [[x, 0, 1, 2, y, 0, 1, 2], [z], 'not controlled during the scan'],
  [[x, 0, 1, 2, y, 0, 1, 2], [y, y], 'repeated elements'],
])('faulty arguments of a grid are refused with the reason', (args, snake, message) => {
  expect(() => gridAxes(args, snake)).toThrow(message);
});

import type { Device } from '../device-family.ts';
import { Trajectory } from './trajectory.ts';

export interface SquareSpiralArea {
  xMotor: Device;
  yMotor: Device;
  xCenter: number;
  yCenter: number;
  xRange: number;
  yRange: number;
  xNum: number;
  yNum: number;
}

/**
 * All points of a rectangular grid, from its centre outwards: right side, bottom, left side and top of each ring. With
 * an even number of points there is none in the centre; the start lies half a step beside it.
 */
export function squareSpiral(area: SquareSpiralArea): Trajectory {
  const { xMotor, yMotor, xNum, yNum } = area;
  const x = gridAxis(area.xCenter, area.xRange, xNum, xNum % 2 === 0 ? 0.5 : 0);
  const y = gridAxis(area.yCenter, area.yRange, yNum, yNum % 2 === 0 ? -0.5 : 0);
  const xs = [x.center];
  const ys = [y.center];
  const visit = (column: number, row: number): void => {
    if (xs.length >= xNum * yNum) return;
    xs.push(x.at(column));
    ys.push(y.at(row));
  };

  for (let ring = 2; ring <= Math.max(xNum, yNum); ring += 1) {
    const edge = ring - 1;
    const inwards = Array.from({ length: 2 * edge }, (_, index) => edge - 1 - index);
    const outwards = inwards.map((index) => -index);
    // the right side alone may lie on the border of the grid: with an even number of columns it is half a step out
    if (Math.abs(edge - x.offset) <= xNum / 2) inwards.filter(y.isOnGrid).forEach((row) => visit(edge, row));
    if (y.isOnGrid(-edge)) inwards.filter(x.isOnGrid).forEach((column) => visit(column, -edge));
    if (x.isOnGrid(-edge)) outwards.filter(y.isOnGrid).forEach((row) => visit(-edge, row));
    if (y.isOnGrid(edge)) outwards.filter(x.isOnGrid).forEach((column) => visit(column, edge));
  }
  return new Trajectory(
    new Map([
      [xMotor, xs],
      [yMotor, ys],
    ]),
  );
}

function gridAxis(middle: number, range: number, num: number, offset: number) {
  const step = range / (num - 1);
  const center = middle - step * offset;
  return {
    offset,
    center,
    at: (index: number): number => center + step * index,
    isOnGrid: (index: number): boolean => Math.abs(index - offset) < num / 2,
  };
}

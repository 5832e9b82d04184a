import type { Device } from '../device-family.ts';
import { Trajectory } from './trajectory.ts';

/** A rectangle that is tilted by `tilt` radians, and how finely it is filled. */
export interface SpiralArea {
  xMotor: Device;
  yMotor: Device;
  xStart: number;
  yStart: number;
  xRange: number;
  yRange: number;
  /** Distance between rings along x, and along y when that differs. */
  dr: number;
  drY?: number | null;
  tilt?: number | null;
}

/** Rings that grow by `dr`; the first has `nth` points, each further one `nth` more. */
export function spiral(area: SpiralArea & { nth: number }): Trajectory {
  const { dr, nth } = area;
  const { aspect, halfX, halfY, isInside } = shapeOf(area);
  const rings = 1 + Math.trunc(Math.sqrt(halfX ** 2 + halfY ** 2) / dr);
  const points: Point[] = [];
  for (let ring = 1; ring <= rings + 1; ring += 1) {
    const angleStep = (2 * Math.PI) / (ring * nth);
    for (let index = 0; index < Math.trunc(ring * nth); index += 1) {
      const x = ring * dr * Math.cos(index * angleStep);
      const y = ring * dr * Math.sin(index * angleStep) * aspect;
      if (isInside(x, y) && Math.abs(y / aspect) <= halfY) points.push([x, y]);
    }
  }
  return placed(area, points);
}

const GOLDEN_ANGLE = (137.508 * Math.PI) / 180;

/** Fermat's spiral: points of equal density, each turned by the golden angle; `factor` makes it denser. */
export function fermatSpiral(area: SpiralArea & { factor: number }): Trajectory {
  const { dr, factor } = area;
  const { aspect, halfX, halfY, isInside } = shapeOf(area);
  const diagonal = Math.sqrt(halfX ** 2 + halfY ** 2);
  const count = Math.trunc(((1.5 * diagonal) / (dr / factor)) ** 2);
  const points: Point[] = [];
  for (let index = 1; index < count; index += 1) {
    const radius = (Math.sqrt(index) * dr) / factor;
    const x = radius * Math.cos(GOLDEN_ANGLE * index);
    const y = radius * Math.sin(GOLDEN_ANGLE * index) * aspect;
    // bluesky compares y undivided by the aspect here, unlike in `spiral`: positions must agree with it
    if (isInside(x, y) && Math.abs(y) <= halfY) points.push([x, y]);
  }
  return placed(area, points);
}

type Point = readonly [x: number, y: number];

function shapeOf({ xRange, yRange, dr, drY = null, tilt = 0 }: SpiralArea) {
  const aspect = drY === null ? 1 : drY / dr;
  const halfX = xRange / 2;
  const slope = Math.tan((tilt ?? 0) + Math.PI / 2);
  const isInside = (x: number, y: number): boolean => Math.abs(x - y / aspect / slope) <= halfX;
  return { aspect, halfX, halfY: yRange / (2 * aspect), isInside };
}

const placed = ({ xMotor, yMotor, xStart, yStart }: SpiralArea, points: readonly Point[]): Trajectory =>
  new Trajectory(
    new Map([
      [xMotor, points.map(([x]) => xStart + x)],
      [yMotor, points.map(([, y]) => yStart + y)],
    ]),
  );

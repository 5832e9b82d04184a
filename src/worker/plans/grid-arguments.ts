import { isMovable, isReadable } from './device-family.ts';
import type { Device } from './device-family.ts';
import { repr } from '../startup/python-repr.ts';

/** One dimension of a grid. */
export interface GridAxis {
  motor: Device;
  start: number;
  stop: number;
  num: number;
  isSnaking: boolean;
}

/** Which motors turn around: all but the slowest, none, or these. */
export type SnakeAxes = boolean | readonly unknown[] | null;

/**
 * The dimensions of a grid from `[motor, start, stop, num, …]`, the slowest first. In older scripts each but the first
 * ends with a flag, whether it snakes; that form does not go with `snakeAxes`.
 */
export function gridAxes(args: readonly unknown[], snakeAxes: SnakeAxes): GridAxis[] {
  const hasFlags = isWithFlags(args);
  if (hasFlags && snakeAxes !== null) {
    throw new RangeError(
      'Mixing of deprecated and new API interface is not allowed: ' +
        "the parameter 'snake_axes' can not be used if snaking is set as part of 'args'",
    );
  }
  const axes = chunked(args, hasFlags);
  const motors = axes.map(({ motor }) => motor);
  if (new Set(motors).size !== motors.length) {
    throw new RangeError(`Some motors are listed multiple times in the argument list 'args': '${repr(motors)}'`);
  }
  if (hasFlags) return axes;
  const isSnaking = snakingOf(motors, snakeAxes);
  return axes.map((axis, index) => ({ ...axis, isSnaking: isSnaking(axis.motor, index) }));
}

function chunked(args: readonly unknown[], hasFlags: boolean): GridAxis[] {
  const flat = hasFlags ? args.toSpliced(4, 0, false) : args;
  const size = hasFlags ? 5 : 4;
  const axes: GridAxis[] = [];
  for (let at = 0; at < flat.length; at += size) {
    const [motor, start, stop, num, isSnaking = false] = flat.slice(at, at + size);
    axes.push({ motor, start, stop, num, isSnaking } as GridAxis); // where motors stand was checked before
  }
  return axes;
}

/** Tells the two forms apart, by where the motors stand. */
function isWithFlags(args: readonly unknown[]): boolean {
  const { length } = args;
  const forms = [
    { isPossible: length % 4 === 0, isMotor: (index: number) => index % 4 === 0, hasFlags: false },
    {
      isPossible: length > 4 && (length - 4) % 5 === 0,
      isMotor: (index: number) => index === 0 || (index >= 4 && (index - 4) % 5 === 0),
      hasFlags: true,
    },
  ].filter(({ isPossible }) => isPossible);
  if (forms.length === 0) throw new RangeError(`Wrong number of elements in 'args': len(args) = ${length}`);

  const isDevice = (value: unknown): boolean => isMovable(value) && isReadable(value);
  const form = forms.find(({ isMotor }) => args.every((value, index) => isDevice(value) === isMotor(index)));
  if (form) return form.hasFlags;
  throw new RangeError(
    "Incorrect order of elements in the argument list 'args': " +
      `some of the movable objects (motors) are out of place (args = ${repr(args)})`,
  );
}

function snakingOf(motors: readonly Device[], axes: SnakeAxes): (motor: Device, index: number) => boolean {
  if (axes === null || typeof axes === 'boolean') return (_motor, index) => axes === true && index > 0;
  const refuse = (why: string): never => {
    throw new RangeError(`The list of axes 'snake_axes' contains ${why}: '${repr(axes)}'`);
  };
  if (new Set(axes).size !== axes.length) refuse('repeated elements');
  if (axes.includes(motors[0])) refuse('the slowest motor');
  if (axes.some((axis) => !motors.includes(axis as Device))) refuse('motors that are not controlled during the scan');
  return (motor) => axes.includes(motor);
}

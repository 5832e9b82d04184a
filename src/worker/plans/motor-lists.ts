import type { Device } from './device-family.ts';

/** `[motor, positions, motor, positions]`, two by two. */
export function motorLists(args: readonly unknown[]): [Device, readonly number[]][] {
  if (args.length % 2 !== 0) {
    throw new RangeError('The list of arguments must contain a list of points for each defined motor');
  }
  const lists: [Device, readonly number[]][] = [];
  for (let at = 0; at < args.length; at += 2) lists.push([args[at] as Device, [...(args[at + 1] as Iterable<number>)]]);
  return lists;
}

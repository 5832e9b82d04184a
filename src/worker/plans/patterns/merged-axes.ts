import type { Step } from '../stubs/steps.ts';
import type { Trajectory } from './trajectory.ts';
import { axisName, isCoupled } from '../device-family.ts';
import type { CoupledAxes, Device } from '../device-family.ts';

/**
 * The moves of one step, where several pseudo axes of one positioner become one move of that positioner: one after the
 * other, each would undo the one before.
 */
export function mergedPositions(step: ReadonlyMap<Device, unknown>): ReadonlyMap<Device, unknown> {
  const families = familiesOf(step);
  if (families.size === 0) return step;

  const merged = new Map(step);
  for (const [parent, axes] of families) {
    const pseudo = axes.filter((axis) => parent.pseudoPositioners.includes(axis));
    const hasReal = axes.some((axis) => parent.realPositioners.includes(axis));
    if (step.has(parent) && (pseudo.length > 0 || hasReal)) {
      throw new TypeError(`${parent.name} and an axis of it were both given: one move cannot be both`);
    }
    if (pseudo.length > 0 && hasReal) {
      throw new TypeError(`real and pseudo axes of ${parent.name} were given together: one move cannot be both`);
    }
    if (pseudo.length < 2) continue;
    merged.set(parent, Object.fromEntries(pseudo.map((axis) => [axisName(parent, axis), step.get(axis)])));
    for (const axis of pseudo) merged.delete(axis);
  }
  return merged;
}

function familiesOf(step: ReadonlyMap<Device, unknown>): Map<CoupledAxes, Device[]> {
  const families = new Map<CoupledAxes, Device[]>();
  for (const { parent, device } of [...step.keys()].map((device) => ({ parent: device.parent, device }))) {
    if (isCoupled(parent)) families.set(parent, [...(families.get(parent) ?? []), device]);
  }
  return families;
}

/** The steps of a trajectory with pseudo axes merged, and which motors that moves. */
export function separatedSteps(trajectory: Trajectory): { motors: readonly Device[]; steps: Iterable<Step> } {
  const [first] = trajectory;
  const merged = first ? mergedPositions(first) : new Map();
  if (merged === first) return { motors: trajectory.motors, steps: trajectory };
  return { motors: [...merged.keys()], steps: Iterator.from(trajectory).map(mergedPositions) };
}

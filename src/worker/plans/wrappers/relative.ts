import { randomUUID } from 'node:crypto';
import { msg } from '../../run-engine/messages.ts';
import type { Msg, Plan } from '../../run-engine/messages.ts';
import type { Readings } from '../../devices/protocols.ts';
import { axisName, hintedFields, isCoupled, isLocatable } from '../device-family.ts';
import type { CoupledAxes, Device } from '../device-family.ts';
import { finalizeWrapper } from './cleanup.ts';
import { msgMutator, planMutator, single } from './mutators.ts';

/** Reads positions that `set` messages give as distances from where each device stood when it was first set. */
export function* relativeSetWrapper<R>(plan: Plan<R>, devices?: readonly Device[]): Plan<R> {
  const initial = new InitialPositions(devices);
  return yield* msgMutator(initial.noted(plan), (message) => {
    if (message.command !== 'set' || !initial.positions.has(message.obj)) return message;
    return { ...message, args: [sum(message.obj, initial.positions.get(message.obj), message.args[0])] };
  });
}

/** Moves each device that was set back to where it stood before. */
export function* resetPositionsWrapper<R>(plan: Plan<R>, devices?: readonly Device[]): Plan<R> {
  const initial = new InitialPositions(devices);
  return yield* finalizeWrapper(initial.noted(plan), () => initial.reset());
}

/** Where devices stood when they were first set. Pseudo axes that move together are remembered together. */
class InitialPositions {
  readonly positions = new Map<unknown, unknown>();
  readonly #eligible: ReadonlySet<unknown> | null;
  readonly #coupled: ReadonlySet<unknown>;

  constructor(devices: readonly Device[] | undefined) {
    const coupled = (devices ?? []).flatMap((device) => (isCoupled(device) ? [device] : coupledParent(device)));
    this.#coupled = new Set<unknown>(coupled);
    this.#eligible = devices ? new Set([...devices, ...coupled, ...coupled.flatMap(pseudoAxes)]) : null;
  }

  noted<R>(plan: Plan<R>): Plan<R> {
    return planMutator(plan, (message) => {
      const { command, obj } = message;
      const isNew = command === 'set' && (this.#eligible?.has(obj) ?? true) && !this.positions.has(obj);
      return isNew ? { instead: this.#noteFirst(message) } : null;
    });
  }

  *reset(): Plan<void> {
    const group = `reset-${randomUUID().slice(0, 6)}`;
    for (const [device, position] of this.positions) {
      if (this.#coupled.has((device as Device).parent)) continue; // its parent moves them all
      yield msg('set', device, [position], { group });
    }
    yield msg('wait', null, [], { group });
  }

  *#noteFirst(message: Msg): Plan {
    const device = message.obj as Device;
    this.#note(device, yield* presentPosition(device));
    return yield* single(message);
  }

  #note(device: Device, position: unknown): void {
    this.positions.set(device, position);
    if (this.#coupled.has(device)) this.#noteAxes(device, position);
    const [parent] = coupledParent(device);
    if (!parent || !this.#coupled.has(parent)) return;
    this.positions.set(parent, parent.position);
    this.#noteAxes(parent, parent.position);
  }

  #noteAxes(device: Device, position: unknown): void {
    for (const [index, axis] of pseudoAxes(device).entries()) {
      this.positions.set(axis, (position as readonly unknown[])[index]);
    }
  }
}

/** Where a device is meant to be if it can tell, else where it is. */
function* presentPosition(device: Device): Plan {
  if (isLocatable(device)) {
    const location: { setpoint: unknown } | null = yield msg('locate', device);
    return location?.setpoint ?? 0;
  }
  const { position } = device as { position?: unknown };
  if (position !== undefined) return position;
  const readings: Readings | null = yield msg('read', device);
  if (!readings) return 0;
  const fields = hintedFields(device);
  if (fields.length > 1) throw new Error(`${device.name} has several hinted fields: which one is its position?`);
  return readings[fields[0] ?? Object.keys(readings)[0] ?? '']?.value;
}

/** A positioner is moved by a distance for each axis, in their order or by their names; what is not named stays. */
function sum(device: unknown, from: unknown, by: unknown): unknown {
  if (!isCoupled(device)) return (from as number) + (by as number);
  const distances = by as Readonly<Record<string | number, number>>;
  return device.pseudoPositioners.map((axis, index) => {
    const distance = Array.isArray(by) ? distances[index] : distances[axisName(device, axis)];
    return ((from as readonly number[])[index] ?? 0) + (distance ?? 0);
  });
}

const pseudoAxes = (device: unknown): readonly Device[] => (isCoupled(device) ? device.pseudoPositioners : []);

/** The positioner that `device` is an axis of, if it is one. */
const coupledParent = (device: Device): CoupledAxes[] => (isCoupled(device.parent) ? [device.parent] : []);

import { setImmediate as turn } from 'node:timers/promises';
import type { SignalRO } from '../../signal/signal-ro.ts';
import type { EpicsSignal } from '../epics-signal.ts';

/** What is looked at and written when a motor comes back. */
export interface LostMotor {
  readonly setpoint: EpicsSignal<number>;
  readonly done: SignalRO<number>;
  readonly stop: EpicsSignal<number>;
  /** Whether it has another target of ours by now. */
  readonly isMoving: () => boolean;
}

/**
 * Stops a motor whose connection was lost in motion, as soon as it is there again: its plan has failed, and it is not to
 * go on alone. One that moves to another target is somebody else's. Resolves when it is at rest or not ours.
 */
export async function stopOnReturn({ setpoint, done, stop, isMoving }: LostMotor, target: number): Promise<void> {
  await turn(); // every channel of the circuit is told of its end before any can be back
  const [present, moves] = await Promise.all([returned(setpoint), returned(done), returned(stop)]);
  if (isMoving() || moves !== 0 || present !== target) return;
  await stop.put(1, { wait: false });
  await done.get(); // answered after the write has arrived
}

/** The first value after a connection. */
function returned(signal: SignalRO<number>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const listener = (readings: Record<string, { value: unknown }>): void => {
    signal.clearSub(listener);
    resolve(Number(readings[signal.name]?.value));
  };
  signal.subscribe(listener);
  return promise;
}

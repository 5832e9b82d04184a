import { nameOf, supports } from './capabilities.ts';
import { NoReplayAllowed } from './errors.ts';
import { askAll, type Ask } from './patience.ts';
import type { PlanCall } from './plan-call.ts';

type Report = (error: unknown) => void;

/** Stops what was set, all at once; a motor that cannot be stopped is reported, and holds back none of the others. */
export function stopAll(devices: Iterable<unknown>, call: PlanCall, report: Report): Promise<void> {
  const asks: Ask[] = [];
  for (const device of devices) {
    if (supports(device, 'Stoppable')) {
      asks.push({ what: `stop ${nameOf(device)}`, ask: () => device.stop({ success: true }) });
    }
  }
  return askAll(asks, call.patience, report);
}

/**
 * For a pause or a suspension: what moves is stopped, then every device that cares is told. Tells whether what came
 * before may be replayed: a device says no by throwing `NoReplayAllowed`.
 */
export async function quietDevices(call: PlanCall, report: Report): Promise<boolean> {
  await stopAll(call.moved, call, report);
  let mayReplay = true;
  const asks: Ask[] = [];
  for (const device of call.seen) {
    if (!supports(device, 'Pausable')) continue;
    const ask = async (): Promise<void> => {
      try {
        await device.pause();
      } catch (error) {
        if (!(error instanceof NoReplayAllowed)) throw error;
        mayReplay = false;
      }
    };
    asks.push({ what: `pause ${nameOf(device)}`, ask });
  }
  await askAll(asks, call.patience, report);
  return mayReplay;
}

/** The other way: devices are told that it goes on. One that cannot makes the plan fail, at its next message. */
export function wakeDevices(call: PlanCall, report: Report): Promise<void> {
  const asks: Ask[] = [];
  for (const device of call.seen) {
    if (supports(device, 'Pausable')) asks.push({ what: `resume ${nameOf(device)}`, ask: () => device.resume() });
  }
  return askAll(asks, call.patience, (error) => {
    report(error);
    call.pendingFailure ??= { error };
  });
}

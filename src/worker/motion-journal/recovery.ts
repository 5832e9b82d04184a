import { rmSync } from 'node:fs';
import type { ReportOf } from '../../protocol/worker/reports.ts';
import type { DeviceContext } from '../devices/device-context.ts';
import type { SignalBackend } from '../devices/signal/backend.ts';
import { takeOver } from './left-motions.ts';
import type { JournalEntry } from './motion-journal.ts';

const MAX_AGE_S = 600;
/** For all of a motor's PVs together; an IOC that is silent for so long must not keep a beamline closed. */
const ANSWER_WITHIN_S = 3;

/** Whether a motor was stopped, or the reason why nothing was written. */
type Verdict = { pv: string; why: string | null };

/**
 * Stops what a dead worker left moving, as far as it is certain that it is still that motion. `null` when there was
 * nothing to look at. All motors are looked at at once.
 */
export async function recoverMotions(
  file: string,
  context: Pick<DeviceContext, 'backend'>,
): Promise<ReportOf<'motion_recovered'> | null> {
  const { entries, aside } = takeOver(file);
  const verdicts = await Promise.all(entries.map((entry) => recovered(entry, context)));
  rmSync(aside, { force: true });
  if (verdicts.length === 0) return null;
  return {
    type: 'motion_recovered',
    stopped: verdicts.filter(({ why }) => why === null).map(({ pv }) => pv),
    left: verdicts.flatMap(({ pv, why }) => (why === null ? [] : [{ pv, why }])),
  };
}

async function recovered(entry: JournalEntry, context: Pick<DeviceContext, 'backend'>): Promise<Verdict> {
  const pv = entry.setpoint;
  const age = Date.now() / 1000 - entry.at;
  if (age > MAX_AGE_S) return { pv, why: `the entry is ${Math.round(age)} s old: someone else may be driving` };
  const backends: SignalBackend[] = [];
  const open = (name: string): SignalBackend => {
    const backend = context.backend(`ca://${name}`);
    backends.push(backend);
    return backend;
  };
  try {
    return { pv, why: await stopIfOurs(entry, open(entry.done), open(entry.setpoint), open(entry.stop)) };
  } catch (error) {
    return { pv, why: (error as Error).message };
  } finally {
    for (const backend of backends) backend.close();
  }
}

/** Why nothing was written; `null` when STOP was. */
async function stopIfOurs(
  entry: JournalEntry,
  done: SignalBackend,
  setpoint: SignalBackend,
  stop: SignalBackend,
): Promise<string | null> {
  await Promise.all([done, setpoint, stop].map((backend) => backend.connect(ANSWER_WITHIN_S)));
  const [isDone, target] = await Promise.all([done.get(), setpoint.get()]);
  if (isDone.value !== 0) return 'it does not move';
  if (target.value !== entry.value) {
    return `its set-point is ${String(target.value)} and not ours (${entry.value}): someone else is driving`;
  }
  // Without callback: a callback would be queued behind the motion that it is to end.
  await stop.put(1, { wait: false });
  // A read on the same circuit is answered after the write has arrived.
  await done.get();
  return null;
}

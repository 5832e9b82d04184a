import { Supervisor } from './supervisor.ts';
import type { SupervisorPlan } from './supervisor.ts';

/**
 * Runs a supervisor as this process, until everything it started is down again. The first Ctrl-C or SIGTERM stops in
 * order; a second one ends this process at once, and leaves the children to whoever starts next.
 * Returns what ended it; a start that fails is thrown, with nothing left running.
 */
export async function supervise(plan: SupervisorPlan, started: (supervisor: Supervisor) => void): Promise<string> {
  const supervisor = new Supervisor(plan);
  const onSignal = (signal: NodeJS.Signals) => {
    for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(each, () => process.exit(1));
    void supervisor.stop(signal);
  };
  for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(each, onSignal);
  // What it says to a terminal that is gone must not end it.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  if (await supervisor.start()) started(supervisor);
  return await supervisor.over;
}

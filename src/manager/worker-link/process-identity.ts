import { readFileSync } from 'node:fs';

/** One process, told from a later one under the same number by when it was started (in ticks since boot). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string | null;
}

export const identityOf = (pid: number): ProcessIdentity => ({ pid, startTicks: factsOf(pid)?.startTicks ?? null });

/** A zombie is dead: it only waits for its parent to notice. */
export function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  const facts = factsOf(pid);
  if (facts) return !'ZXx'.includes(facts.state) && facts.startTicks === startTicks;
  return startTicks === null && answersSignals(pid);
}

/** SIGKILL, but never to another process that has got the number meanwhile. */
export function killProcess(identity: ProcessIdentity): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The name of a process, in parentheses, may hold anything; what follows the last one is in fixed order. */
function factsOf(pid: number): { state: string; startTicks: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch {
    return null; // It is gone, or this system has no /proc.
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

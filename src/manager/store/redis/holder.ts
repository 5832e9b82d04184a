import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { identityOf, isRunning } from '../../worker-link/process-identity.ts';

/** Who holds the store, as its lease says: a process, when it began, and in which running system its number counts. */
interface Holder {
  readonly pid: number;
  readonly startTicks: string | null;
  readonly host: string;
  readonly system: string | null;
  /** Two stores of one process are two holders. */
  readonly uid: string;
}

export function thisHolder(): string {
  const holder: Holder = { ...identityOf(process.pid), host: hostname(), system: system(), uid: crypto.randomUUID() };
  return JSON.stringify(holder);
}

export const holderName = (lease: string): string => {
  const holder = parsed(lease);
  return holder ? `process ${holder.pid} on ${holder.host}` : 'another program';
};

/** `unknown`: it is of another machine or container, so the lease alone tells. */
export function lifeOf(lease: string): 'alive' | 'dead' | 'unknown' {
  const holder = parsed(lease);
  const here = system();
  if (!holder || here === null || holder.system !== here || holder.host !== hostname()) return 'unknown';
  return isRunning(holder) ? 'alive' : 'dead';
}

/** This boot of this machine, and the space that process numbers are of; null where the kernel does not tell. */
function system(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

function parsed(lease: string): Holder | null {
  try {
    const holder = JSON.parse(lease) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.host === 'string' ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

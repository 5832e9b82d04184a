import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which process plays a part, on disk, so that a supervisor which comes after one that died knows what still runs. A pid
 * alone may have gone to somebody else meanwhile: the kernel's start time of the process makes it unmistakable.
 */
export interface ChildRecord {
  readonly name: string;
  readonly pid: number;
  /** Clock ticks since boot, from /proc; null where there is no /proc. */
  readonly startTicks: number | null;
  readonly version: string;
  /** What the child said when it was ready, e.g. its ports. */
  readonly announced: Readonly<Record<string, unknown>>;
}

const recordFile = (runDir: string, name: string) => join(runDir, `${name}.process.json`);

export function writeRecord(runDir: string, record: ChildRecord): void {
  const file = recordFile(runDir, record.name);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRecord(runDir: string, name: string): void {
  rmSync(recordFile(runDir, name), { force: true });
}

/** The record of a process that still runs; null when it has ended or another process has its pid now. */
export function livingRecord(runDir: string, name: string): ChildRecord | null {
  let record: ChildRecord;
  try {
    record = JSON.parse(readFileSync(recordFile(runDir, name), 'utf8')) as ChildRecord;
  } catch {
    return null; // never written, or torn by a power cut: then nothing of that boot runs any more
  }
  return isAlive(record) ? record : null;
}

export function isAlive(record: Pick<ChildRecord, 'pid' | 'startTicks'>): boolean {
  try {
    process.kill(record.pid, 0);
  } catch {
    return false;
  }
  return record.startTicks === startTicks(record.pid);
}

/** Field 22 of /proc/pid/stat. A zombie has ended, whatever /proc still says of it. */
export function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? -1 : Number(fields[19]);
  } catch {
    return null;
  }
}

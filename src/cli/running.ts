import type { Command } from 'commander';
import { dataFolders } from '../config/data-folders.ts';
import type { DataFolders } from '../config/data-folders.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { livingRecord, removeRecord } from '../supervisor/child-record.ts';
import { endProcess } from '../supervisor/child.ts';
import type { ChildReport } from '../supervisor/child.ts';
import { askSupervisor } from '../supervisor/control-socket.ts';
import { controlSocketOf, STOP_ORDER } from './child-plans.ts';
import { resolved } from './options.ts';

const STOP_WITHIN_MS = 3000;

/** `beamgate ps`: what runs on a data directory, with a supervisor or without. */
export async function ps(command: Command): Promise<void> {
  const folders = foldersOf(command);
  const answer = await askSupervisor(controlSocketOf(folders), 'ps');
  const running = answer === null ? orphans(folders) : (JSON.parse(answer) as ChildReport[]);
  if (answer === null) console.log(`No supervisor runs on ${folders.dataDir}.`);
  for (const { name, state, pid, restarts } of running) {
    console.log(`${name.padEnd(10)} ${state.padEnd(12)} pid ${String(pid ?? '-').padEnd(8)} restarts ${restarts}`);
  }
}

/** `beamgate stop`: everything on a data directory, in order; what a dead supervisor has left, too. */
export async function stop(command: Command): Promise<void> {
  const folders = foldersOf(command);
  const answer = await askSupervisor(controlSocketOf(folders), 'stop');
  const left = orphans(folders);
  for (const { name } of left) {
    const record = livingRecord(folders.runDir, name);
    if (record) await endProcess(record, STOP_WITHIN_MS);
    removeRecord(folders.runDir, name);
  }
  const hadAny = answer !== null || left.length > 0;
  console.log(hadAny ? `Stopped what ran on ${folders.dataDir}.` : `Nothing runs on ${folders.dataDir}.`);
}

const foldersOf = (command: Command) => dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');

function orphans({ runDir }: DataFolders): ChildReport[] {
  return STOP_ORDER.flat().flatMap((name) => {
    const record = livingRecord(runDir, name);
    return record ? [{ name, state: 'orphaned', pid: record.pid, restarts: 0 }] : [];
  });
}

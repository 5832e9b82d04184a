import { join } from 'node:path';
import { nodeCommand, packageVersion } from '../config/code.ts';
import type { DataFolders } from '../config/data-folders.ts';
import { linkOf, writeSettings } from '../config/processes.ts';
import { livingRecord } from '../supervisor/child-record.ts';
import type { ChildPlan } from '../supervisor/child.ts';
import type { SupervisorPlan } from '../supervisor/supervisor.ts';

/** What differs between the processes: how long each may take, and what its end means. */
const TRAITS = {
  ioc: { entry: 'src/sim-ioc/main', isAdoptable: true, onExitZero: 'renew', stopWithinMs: 500 },
  worker: { entry: 'src/worker/main', isAdoptable: true, onExitZero: 'renew', stopWithinMs: 3500 },
  manager: { entry: 'src/manager/main', isAdoptable: false, onExitZero: 'end', stopWithinMs: 900 },
  gateway: { entry: 'src/gateway/main', isAdoptable: false, onExitZero: 'renew', stopWithinMs: 2500 },
} as const;
export type ProcessName = keyof typeof TRAITS;

/** Those of one group together. The worker before the manager: a plan that is aborted has its outcome filed. */
export const STOP_ORDER: readonly (readonly ProcessName[])[] = [['gateway', 'worker'], ['manager'], ['ioc']];

const READY_WITHIN_MS = 15_000;

export function childPlan(
  name: ProcessName,
  folders: DataFolders,
  settings: object,
  environment: Readonly<Record<string, string | undefined>>,
): ChildPlan {
  const { entry, ...traits } = TRAITS[name];
  return {
    name,
    ...traits,
    command: nodeCommand(entry, writeSettings(folders, name, settings)),
    environment,
    logFile: join(folders.logDir, `${name}.log`),
    runDir: folders.runDir,
    version: packageVersion,
    readyWithinMs: READY_WITHIN_MS,
  };
}

/** What every supervisor of a data directory shares. */
export function supervisorPlan(
  folders: DataFolders,
  own: Pick<SupervisorPlan, 'what' | 'steps' | 'log'>,
): SupervisorPlan {
  return {
    ...own,
    dataDir: folders.dataDir,
    runDir: folders.runDir,
    tokenFile: linkOf(folders).token_file,
    controlSocket: controlSocketOf(folders),
    stopOrder: STOP_ORDER,
    endWithManager: ['worker'],
  };
}

/** Pids of what a dead supervisor of this directory has left running. */
export const leftBehind = ({ runDir }: DataFolders): number[] =>
  Object.keys(TRAITS).flatMap((name) => livingRecord(runDir, name)?.pid ?? []);

export const controlSocketOf = ({ socketDir }: DataFolders): string => join(socketDir, 'supervisor.sock');

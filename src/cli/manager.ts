import type { Command } from 'commander';
import { dataFolders, makeFolders } from '../config/data-folders.ts';
import { environmentWithoutSecrets, epicsEnvironment, managerEnvironment } from '../config/environment.ts';
import { managerSettings, workerSettings } from '../config/processes.ts';
import { saveSettings } from '../config/saved-settings.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { startupOf } from '../config/startup-code.ts';
import { supervise } from '../supervisor/main.ts';
import { childPlan, leftBehind, supervisorPlan } from './child-plans.ts';
import { resolved } from './options.ts';
import { resolvedManager } from './process-options.ts';
import { refuseHeldPorts } from './ports.ts';

/** `beamgate manager`: a manager and, unless that runs elsewhere, its worker; in place of `start-re-manager`. */
export async function manager(command: Command): Promise<void> {
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  const values = resolvedManager(command);
  const code = startupOf(values);
  makeFolders(folders);
  const settings = managerSettings(folders, values, code);
  saveSettings(values, settings, code);
  const worker = workerSettings(folders, values, { startup: code.startup, epics: epicsEnvironment() });
  const workerStep = () => childPlan('worker', folders, worker, environmentWithoutSecrets());
  const managerStep = () => childPlan('manager', folders, settings, managerEnvironment(values));
  const plan = supervisorPlan(folders, {
    what: 'beamgate manager',
    log: (line) => console.log(`[supervisor] ${line}`),
    steps: values.worker.value === 'external' ? [managerStep] : [workerStep, managerStep],
  });
  const addresses = [settings.zmq_control_addr, settings.zmq_info_addr, worker.documents?.bind ?? []].flat();
  const beforeStart = () => refuseHeldPorts(addresses, leftBehind(folders));
  await supervise({ ...plan, beforeStart }, () => console.log(`RE Manager is ready: ${settings.zmq_control_addr}`));
}

import type { Command } from 'commander';
import { dataFolders, makeFolders } from '../config/data-folders.ts';
import { epicsEnvironment } from '../config/environment.ts';
import { linkOf, workerSettings } from '../config/processes.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { startupOf } from '../config/startup-code.ts';
import { ensureTokenFile } from '../supervisor/token-file.ts';
import { becomeAlone } from './alone.ts';
import { resolved } from './options.ts';
import { resolvedManager } from './process-options.ts';

/** `beamgate worker`: one worker process alone; a manager on the same data directory finds it by its socket. */
export async function worker(command: Command): Promise<void> {
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  const values = resolvedManager(command);
  const { startup } = startupOf(values);
  makeFolders(folders);
  ensureTokenFile(linkOf(folders).token_file);
  await becomeAlone('src/worker/main', workerSettings(folders, values, { startup, epics: epicsEnvironment() }));
}

import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { MANAGER_SETTINGS } from '../../config/settings.ts';
import { deviceLevelsOf } from '../../config/processes.ts';
import { SettingRefused } from '../../config/setting.ts';
import { startupOf } from '../../config/startup-code.ts';
import { LIST_SETTINGS } from '../../config/tool-settings.ts';
import { writeExistingLists } from '../../manager/existing-lists/existing-lists.ts';
import type { ExistingLists } from '../../manager/existing-lists/existing-lists.ts';
import { Contents } from '../../worker/environment/contents.ts';
import { registerLoadHooks } from '../../worker/startup/load-hooks.ts';
import { loadStartup, startupFolder } from '../../worker/startup/load-startup.ts';
import { StartupError } from '../../worker/startup/startup-error.ts';
import { resolved } from '../options.ts';

/**
 * `beamgate list-plans-devices`: runs startup code as a worker does, connects to no device, and writes what there is to
 * `existing_plans_and_devices.yaml`.
 */
export async function listPlansDevices(command: Command): Promise<void> {
  try {
    const { fileDir, fileName } = resolved(LIST_SETTINGS, command);
    await writeExistingLists(join(resolve(fileDir.value ?? '.'), fileName.value ?? ''), await lists(command));
    console.log('The list of existing plans and devices was created successfully.');
  } catch (error) {
    const reason = error instanceof StartupError && error.traceback !== '' ? error.traceback : (error as Error).message;
    console.error(`ERROR:list-plans-devices:Operation failed ...\n${reason}`);
    process.exitCode = 1;
  }
  // Startup code may have opened sockets and set timers: they do not hold up the end.
  process.exit();
}

async function lists(command: Command): Promise<ExistingLists> {
  const values = resolved(MANAGER_SETTINGS, command);
  const { startup, isNamed } = startupOf(values);
  if (!isNamed) {
    throw new SettingRefused(
      'Source of the startup code was not specified: one of --startup-dir, --startup-module, --startup-script and ' +
        '--startup-profile must be given',
    );
  }
  const ignoresInvalid = values.ignoreInvalidPlans.value === 'ON';
  const deviceLevels = deviceLevelsOf(values);
  registerLoadHooks({ namespace: () => ({}), folder: startupFolder(startup) });
  const { namespace } = await loadStartup(startup);
  const contents = new Contents(namespace, { deviceLevels, onInvalidPlan: ignoresInvalid ? console.warn : undefined });
  return contents.descriptions;
}

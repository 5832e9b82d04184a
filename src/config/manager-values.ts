import { requireCurveKey } from './curve-key.ts';
import { readConfigFiles } from './config-files.ts';
import { resolveSettings, SettingRefused } from './setting.ts';
import type { ResolvedSettings, Sources } from './setting.ts';
import { settingsInFiles } from './settings-in-files.ts';
import { MANAGER_SETTINGS } from './settings.ts';

export type ManagerValues = ResolvedSettings<typeof MANAGER_SETTINGS>;

/**
 * The manager's settings from options, the config file that they or the environment name, and the environment.
 * @throws SettingRefused naming what is wrong, and where it stands
 */
export function managerValues({ options, environment }: Omit<Sources, 'file'>): ManagerValues {
  const path = options['config'] || environment['QSERVER_CONFIG'];
  const files = path ? readConfigFiles(path, { environment }) : undefined;
  const file = files ? settingsInFiles(files, MANAGER_SETTINGS) : new Map();
  refuseAmbiguity('the config file', (key) => file.get(MANAGER_SETTINGS[key].file)?.value);
  refuseAmbiguity('the CLI parameters', (key) => options[key]);
  const values = resolveSettings(MANAGER_SETTINGS, { options, environment, file });
  requireCurveKey(values.zmqPrivateKey);
  return values;
}

type Place = 'startupDir' | 'startupModule' | 'startupScript' | 'startupProfile' | 'ipythonDir';

/** A folder, a module or a script; a profile names a folder, or goes with a module or script to say where its lists are. */
function refuseAmbiguity(where: string, named: (key: Place) => string | undefined): void {
  const given = (keys: readonly Place[]) =>
    keys.flatMap((key) => (named(key) === undefined ? [] : `${wordOf(key)}='${named(key)}'`));
  const code = given(['startupDir', 'startupModule', 'startupScript']);
  const profile = given(['startupDir', 'startupProfile', 'ipythonDir']);
  const isFolderTwice = named('startupDir') !== undefined && profile.length > 1;
  if (code.length < 2 && !isFolderTwice) return;
  const both = code.length > 1 ? code : profile;
  throw new SettingRefused(`Ambiguous location of startup code is specified in ${where}: ${both.join(' ')}`);
}

const wordOf = (key: Place): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

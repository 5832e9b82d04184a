import type { Command } from 'commander';
import type { Resolved, Setting, SettingsTable } from '../config/setting.ts';
import { DATA_SETTINGS, GATEWAY_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import { resolved } from './options.ts';

const TABLES: Readonly<Record<string, SettingsTable>> = {
  data: DATA_SETTINGS,
  manager: MANAGER_SETTINGS,
  gateway: GATEWAY_SETTINGS,
};

/** `beamgate check-config`: each effective value and where it comes from. A secret shows as set or unset. */
export async function checkConfig(command: Command): Promise<void> {
  for (const [process, table] of Object.entries(TABLES)) {
    const values = resolved(table, command);
    for (const [key, setting] of Object.entries(table)) {
      const value = values[key] as Resolved;
      console.log(
        `${process.padEnd(8)} ${key.padEnd(27)} ${shown(setting, value).padEnd(28)} ${value.origin}${nameOf(setting, value)}`,
      );
    }
  }
}

const shown = (setting: Setting, { value }: Resolved) =>
  setting.secret ? (value === null ? 'unset' : 'set') : (value ?? '-');

function nameOf({ env, option, file }: Setting, { origin }: Resolved): string {
  const name = { environment: env, option: option?.split(' ')[0], file, default: undefined }[origin];
  return name === undefined ? '' : ` ${name}`;
}

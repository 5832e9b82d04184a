import type { Command } from 'commander';
import { Option } from 'commander';
import { environment } from '../config/environment.ts';
import { resolveSettings } from '../config/setting.ts';
import type { ResolvedSettings, SettingsTable } from '../config/setting.ts';

/** Offers every setting of a table that has an option. What it says names the variable and the default, too. */
export function addOptions(command: Command, table: SettingsTable): Command {
  for (const setting of Object.values(table)) {
    if (setting.option === undefined) continue;
    const variable = setting.env === undefined ? '' : ` Environment: ${setting.env}.`;
    const fallback = setting.default === null ? '' : ` Default: ${setting.default}.`;
    command.addOption(new Option(setting.option, `${setting.says}${variable}${fallback}`));
  }
  return command;
}

/** The values of a table, from the command line, the environment and the defaults. */
export function resolved<const T extends SettingsTable>(table: T, command: Command): ResolvedSettings<T> {
  const given = command.optsWithGlobals<Record<string, string | true | undefined>>();
  const options = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value === true ? 'ON' : value]),
  );
  return resolveSettings(table, { options, environment: environment(), file: new Map() });
}

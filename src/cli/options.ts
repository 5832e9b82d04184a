import type { Command } from 'commander';
import { Option } from 'commander';
import { environment } from '../config/environment.ts';
import { deprecations, resolveSettings } from '../config/setting.ts';
import type { ResolvedSettings, SettingsTable } from '../config/setting.ts';

/** Offers every setting of a table that has an option. What it says names the variable and the default, too. */
export function addOptions(command: Command, table: SettingsTable): Command {
  for (const setting of Object.values(table)) {
    if (setting.option === undefined) continue;
    const variable = setting.env === undefined ? '' : ` Environment: ${setting.env}.`;
    const key = setting.file === undefined ? '' : ` Config file: ${setting.file}.`;
    const fallback = setting.default === null ? '' : ` Default: ${setting.default}.`;
    command.addOption(new Option(setting.option, `${setting.says}${variable}${key}${fallback}`));
    if (setting.former?.option !== undefined) command.addOption(new Option(setting.former.option).hideHelp());
  }
  return command;
}

/** The values of a table, from the command line, the environment and the defaults. */
export function resolved<const T extends SettingsTable>(table: T, command: Command): ResolvedSettings<T> {
  return resolveSettings(table, { options: optionsOf(command), environment: environment(), file: new Map() });
}

/** As {@link resolved}; what is deprecated is told. */
export function resolvedTool<const T extends SettingsTable>(table: T, command: Command): ResolvedSettings<T> {
  const values = resolved(table, command);
  for (const sentence of deprecations(table, values)) console.warn(sentence);
  return values;
}

/** What was given on the command line, by the names that commander gives options. */
export function optionsOf(command: Command): Record<string, string | undefined> {
  const given = command.optsWithGlobals<Record<string, string | true | string[] | undefined>>();
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: string | true | string[] | undefined): string | undefined {
  if (Array.isArray(value)) return JSON.stringify(value);
  return value === true ? 'ON' : value;
}

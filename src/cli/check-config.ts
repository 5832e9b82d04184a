import type { Command } from 'commander';
import type { Resolved, ResolvedSettings, Setting, SettingsTable } from '../config/setting.ts';
import { CHECK_SETTINGS, DATA_SETTINGS, GATEWAY_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import { startupOf } from '../config/startup-code.ts';
import { resolved } from './options.ts';
import { resolvedGateway, resolvedManager } from './process-options.ts';

/**
 * `beamgate check-config`: each effective value and where it comes from: the option, the variable, or the line of the config
 * file. A secret shows as set or unset.
 */
export async function checkConfig(command: Command): Promise<void> {
  show('data', DATA_SETTINGS, resolved(DATA_SETTINGS, command));
  const manager = resolvedManager(command);
  startupOf(manager); // It refuses code that a manager would refuse.
  show('manager', MANAGER_SETTINGS, manager);
  // `--config` is the manager's; the gateway's file has an option of its own here, where both are asked at once.
  const config = resolved(CHECK_SETTINGS, command).gatewayConfig.value ?? undefined;
  show('gateway', GATEWAY_SETTINGS, resolvedGateway(command, { config }));
}

function show<const T extends SettingsTable>(process: string, table: T, values: ResolvedSettings<T>): void {
  for (const [key, setting] of Object.entries<Setting>(table)) {
    const value = values[key] as Resolved;
    const columns = [process.padEnd(8), key.padEnd(27), shown(setting, value).padEnd(28), value.origin, value.from];
    console.log(columns.join(' ').trimEnd());
  }
}

const shown = (setting: Setting, { value }: Resolved) =>
  setting.secret ? (value === null ? 'unset' : 'set') : (value ?? '-');

import type { Command } from 'commander';
import { environment } from '../config/environment.ts';
import { gatewayValues } from '../config/gateway-values.ts';
import type { GatewayValues } from '../config/gateway-values.ts';
import { managerValues } from '../config/manager-values.ts';
import type { ManagerValues } from '../config/manager-values.ts';
import { deprecations } from '../config/setting.ts';
import { GATEWAY_SETTINGS, MANAGER_SETTINGS } from '../config/settings.ts';
import { optionsOf } from './options.ts';

/** The settings of processes that have a config file. Apart from the others: what reads such files takes its time to load. */

/** The gateway's, from its configuration, too. What changes nothing there is told. */
export function resolvedGateway(
  command: Command,
  fixed: Readonly<Record<string, string | undefined>> = {},
): GatewayValues {
  const values = gatewayValues({ options: { ...optionsOf(command), ...fixed }, environment: environment() });
  for (const sentence of [...deprecations(GATEWAY_SETTINGS, values), ...values.configuration.notices]) {
    console.warn(sentence);
  }
  return values;
}

/** The manager's, from its config file, too. What is deprecated is told. */
export function resolvedManager(command: Command): ManagerValues {
  const values = managerValues({ options: optionsOf(command), environment: environment() });
  for (const sentence of deprecations(MANAGER_SETTINGS, values)) console.warn(sentence);
  return values;
}

import { customModulesOf } from './custom-modules.ts';
import { NO_CONFIG, readGatewayConfig } from './gateway-config/gateway-config.ts';
import type { GatewayConfig } from './gateway-config/gateway-config.ts';
import { resolveSettings, SettingRefused } from './setting.ts';
import type { Resolved, ResolvedSettings, Sources } from './setting.ts';
import { GATEWAY_SETTINGS } from './settings.ts';

/** The gateway's settings, and what its configuration says beside them. */
export interface GatewayValues extends ResolvedSettings<typeof GATEWAY_SETTINGS> {
  readonly configuration: GatewayConfig;
}

/**
 * From options, the configuration that they or the environment name, and the environment.
 * @throws SettingRefused naming what is wrong, and where it stands
 */
export function gatewayValues({ options, environment }: Omit<Sources, 'file'>): GatewayValues {
  const path = resolveSettings(GATEWAY_SETTINGS, { options, environment, file: new Map() }).config.value;
  const configuration = gatewayConfigAt(path, environment);
  const values = resolveSettings(GATEWAY_SETTINGS, { options, environment, file: configuration.settings });
  refuseUnserved(environment);
  refuseDatabase(values.databaseUri);
  customModulesOf(values);
  return { ...values, configuration };
}

/** Variables of the original that name what only Python can run, or what is not there yet. */
const UNSERVED: Readonly<Record<string, string>> = {
  QSERVER_HTTP_CUSTOM_ROUTERS: 'Python routers cannot run in this gateway: serve them beside it, behind the same proxy',
};

/** A setting with no effect would mislead. */
function refuseUnserved(environment: Sources['environment']): void {
  const name = Object.keys(UNSERVED).find((variable) => environment[variable]);
  if (name !== undefined) throw new SettingRefused(`${name} is not taken: ${UNSERVED[name]}`);
}

function refuseDatabase({ value, from }: Resolved): void {
  if (value === null || value.startsWith('sqlite:')) return;
  // What stands behind the scheme may hold a password.
  const scheme = value.split(':')[0];
  throw new SettingRefused(
    `${from} must begin with sqlite:, received '${scheme}:…': accounts are kept in the data directory, not in a database server`,
  );
}

/** null: there is none. @throws SettingRefused */
export const gatewayConfigAt = (path: string | null, environment: Sources['environment']): GatewayConfig =>
  path === null ? NO_CONFIG : readGatewayConfig(path, { environment, settings: GATEWAY_SETTINGS });

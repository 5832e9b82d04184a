import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DataFolders } from './data-folders.ts';
import type { GatewaySettings, ManagerSettings, WorkerLinkSettings, WorkerSettings } from './process-settings.ts';
import { integerOf, SettingRefused } from './setting.ts';
import type { ResolvedSettings } from './setting.ts';
import type { GATEWAY_SETTINGS, MANAGER_SETTINGS } from './settings.ts';

/** From resolved settings to what one process is told: each value checked, each path absolute. */

const PERMISSIONS_FILE = 'user_group_permissions.yaml';
const LISTS_FILE = 'existing_plans_and_devices.yaml';

type ManagerValues = ResolvedSettings<typeof MANAGER_SETTINGS>;

export function linkOf({ socketDir }: DataFolders): WorkerLinkSettings {
  return { socket: join(socketDir, 'worker.sock'), token_file: join(socketDir, 'worker.token') };
}

export function workerSettings(
  folders: DataFolders,
  startup: WorkerSettings['startup'],
  epics: Record<string, string>,
): WorkerSettings {
  const { dataDir, runDir, runsDir } = folders;
  return { data_dir: dataDir, run_dir: runDir, runs_dir: runsDir, link: linkOf(folders), startup, epics };
}

/** @throws SettingRefused when two of the startup options are given, or what one names is not there */
export function startupOf(values: ManagerValues): WorkerSettings['startup'] {
  const { startupProfile, startupDir, startupModule, startupScript } = values;
  const given = Object.entries({ startupProfile, startupDir, startupModule, startupScript }).filter(
    ([, { value }]) => value !== null,
  );
  if (given.length > 1) {
    const names = given.map(([name]) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
    throw new SettingRefused(`Only one place for the startup code may be named, received ${names.join(' and ')}`);
  }
  const module = startupModule.value ?? startupScript.value;
  if (startupDir.value !== null)
    return { profile: null, dir: existing('--startup-dir', startupDir.value), module: null };
  if (module !== null) return { profile: null, dir: null, module: existing('--startup-module', module) };
  if (startupProfile.value !== null && startupProfile.value !== 'sim') {
    throw new SettingRefused(
      `--startup-profile must be sim, received '${startupProfile.value}': IPython profiles need the Python worker; ` +
        'startup code in TypeScript is named by --startup-dir or --startup-module',
    );
  }
  return { profile: 'sim', dir: null, module: null };
}

export function managerSettings(folders: DataFolders, values: ManagerValues): ManagerSettings {
  const { dataDir, runDir, storeFile } = folders;
  const startupDir = values.startupDir.value;
  const besideStartup = (name: string) => (startupDir === null ? null : join(resolve(startupDir), name));
  const permissions = fileOrFolder(values.userGroupPermissions.value, PERMISSIONS_FILE);
  const besidePermissions = besideStartup(PERMISSIONS_FILE);
  return {
    data_dir: dataDir,
    run_dir: runDir,
    link: linkOf(folders),
    zmq_control_addr: bindAddress(values.zmqControlAddr.value),
    zmq_info_addr: bindAddress(values.zmqInfoAddr.value),
    zmq_encoding: values.zmqEncoding.value === 'msgpack' ? 'msgpack' : 'json',
    zmq_publish_console: values.zmqPublishConsole.value === 'ON',
    console_output: values.consoleOutput.value === 'ON',
    verbosity: verbosityOf(values),
    store: { kind: 'sqlite', file: storeFile },
    ...redisOf(values),
    user_group_permissions_file:
      permissions ?? (besidePermissions !== null && existsSync(besidePermissions) ? besidePermissions : null),
    existing_plans_devices_file:
      fileOrFolder(values.existingPlansDevices.value, LISTS_FILE) ??
      besideStartup(LISTS_FILE) ??
      join(dataDir, LISTS_FILE),
    startup_profile: startupOf(values).profile,
    update_existing_plans_devices: values.updateExistingPlansDevices
      .value as ManagerSettings['update_existing_plans_devices'],
    user_group_permissions_reload: values.userGroupPermissionsReload
      .value as ManagerSettings['user_group_permissions_reload'],
  };
}

export function gatewaySettings(
  folders: DataFolders,
  values: ResolvedSettings<typeof GATEWAY_SETTINGS>,
  singleUserKeyFile: string | null,
): GatewaySettings {
  return {
    data_dir: folders.dataDir,
    run_dir: folders.runDir,
    host: values.host.value ?? '127.0.0.1',
    port: integerOf('--port', values.port, { min: 0, max: 65535 }),
    zmq_control_address: values.zmqControlAddress.value ?? '',
    zmq_info_address: values.zmqInfoAddress.value ?? '',
    zmq_encoding: values.zmqEncoding.value === 'msgpack' ? 'msgpack' : 'json',
    single_user_key_file: singleUserKeyFile,
    allow_anonymous_access: values.allowAnonymousAccess.value === '1',
    allow_origins: (values.allowOrigins.value ?? '').split(' ').filter((origin) => origin !== ''),
  };
}

/** Writes what one process is told where only its owner reads it. */
export function writeSettings(folders: DataFolders, name: string, settings: object): string {
  const file = join(folders.runDir, `${name}.settings.json`);
  writeFileSync(file, JSON.stringify(settings, null, 2), { mode: 0o600 });
  return file;
}

function redisOf({ redisAddr, redisNamePrefix }: ManagerValues) {
  if (redisAddr.value === null) return {};
  return { redis_addr: redisAddr.value, redis_name_prefix: redisNamePrefix.value ?? '' };
}

/** @throws SettingRefused when two of them are given: the original takes one of them, too */
function verbosityOf({ verbose, quiet, silent }: ManagerValues): ManagerSettings['verbosity'] {
  const levels = [
    [verbose, 'debug'],
    [quiet, 'warning'],
    [silent, 'error'],
  ] as const;
  const given = levels.filter(([{ value }]) => value !== null);
  if (given.length > 1) throw new SettingRefused('Only one of --verbose, --quiet and --silent may be given');
  return given[0]?.[1] ?? 'info';
}

// A name is not an address to bind: the original's users write localhost all the same.
const bindAddress = (address: string | null) => (address ?? '').replace('://localhost:', '://127.0.0.1:');

function fileOrFolder(path: string | null, name: string): string | null {
  if (path === null) return null;
  const absolute = resolve(path);
  return existsSync(absolute) && statSync(absolute).isDirectory() ? join(absolute, name) : absolute;
}

function existing(option: string, path: string): string {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new SettingRefused(`${option} must name what exists, received '${path}'`);
  return absolute;
}

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { customModulesOf } from './custom-modules.ts';
import type { DataFolders } from './data-folders.ts';
import { documentsOf } from './documents-out.ts';
import type { GatewaySettings, ManagerSettings, WorkerLinkSettings, WorkerSettings } from './process-settings.ts';
import { requireCurveKey } from './curve-key.ts';
import type { ManagerValues } from './manager-values.ts';
import { absolutePath } from './paths.ts';
import { NEVER } from './gateway-config/gateway-config.ts';
import { integerOf, listOf, SettingRefused } from './setting.ts';
import type { Resolved, ResolvedSettings } from './setting.ts';
import type { GATEWAY_SETTINGS } from './settings.ts';
import type { StartupCode } from './startup-code.ts';

/** From resolved settings to what one process is told: each value checked, each path absolute. */

const PERMISSIONS_FILE = 'user_group_permissions.yaml';
const LISTS_FILE = 'existing_plans_and_devices.yaml';
const MOST_LEVELS = 1000;

/** How many levels of devices are described; 0 is all. @throws SettingRefused */
export const deviceLevelsOf = ({ deviceMaxDepth }: Pick<ManagerValues, 'deviceMaxDepth'>): number =>
  integerOf('--device-max-depth', deviceMaxDepth, { min: 0, max: MOST_LEVELS });

export function linkOf({ socketDir }: DataFolders): WorkerLinkSettings {
  return { socket: join(socketDir, 'worker.sock'), token_file: join(socketDir, 'worker.token') };
}

/** What a worker is told by the settings of its manager. @throws SettingRefused */
export function workerSettings(
  folders: DataFolders,
  values: ManagerValues,
  { startup, epics }: Pick<WorkerSettings, 'startup' | 'epics'>,
): WorkerSettings {
  const { dataDir, runDir, runsDir } = folders;
  return {
    data_dir: dataDir,
    run_dir: runDir,
    runs_dir: runsDir,
    link: linkOf(folders),
    startup,
    epics,
    device_max_depth: deviceLevelsOf(values),
    ignore_invalid_plans: values.ignoreInvalidPlans.value === 'ON',
    permitted_re_metadata_keys: listOf(values.permittedReMetadataKeys),
    documents: documentsOf(values),
  };
}

/** @throws SettingRefused */
export function managerSettings(
  folders: DataFolders,
  values: ManagerValues,
  { startup, listsDir }: StartupCode,
): ManagerSettings {
  const { dataDir, runDir, storeFile } = folders;
  const permissions = fileIn(values.userGroupPermissions.value ?? listsDir, PERMISSIONS_FILE);
  const isNamed = values.userGroupPermissions.value !== null;
  return {
    data_dir: dataDir,
    run_dir: runDir,
    link: linkOf(folders),
    zmq_control_addr: bindAddress(values.zmqControlAddr.value),
    zmq_info_addr: bindAddress(values.zmqInfoAddr.value),
    zmq_encoding: values.zmqEncoding.value === 'msgpack' ? 'msgpack' : 'json',
    testing: values.testing.value === '1',
    zmq_publish_console: values.zmqPublishConsole.value === 'ON',
    console_output: values.consoleOutput.value === 'ON',
    verbosity: verbosityOf(values),
    store: { kind: 'sqlite', file: storeFile },
    ...redisOf(values),
    user_group_permissions_file: permissions !== null && (isNamed || existsSync(permissions)) ? permissions : null,
    existing_plans_devices_file: listsFile(values.existingPlansDevices.value ?? listsDir ?? dataDir),
    startup_profile: startup.profile,
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
  requireCurveKey(values.zmqPublicKey);
  return {
    data_dir: folders.dataDir,
    run_dir: folders.runDir,
    host: values.host.value ?? '127.0.0.1',
    port: integerOf('--port', values.port, { min: 0, max: 65535 }),
    zmq_control_address: values.zmqControlAddress.value ?? '',
    zmq_info_address: values.zmqInfoAddress.value ?? '',
    zmq_encoding: values.zmqEncoding.value === 'msgpack' ? 'msgpack' : 'json',
    zmq_public_key: values.zmqPublicKey.value,
    single_user_key_file: singleUserKeyFile,
    allow_anonymous_access: values.allowAnonymousAccess.value === 'ON',
    allow_origins: (values.allowOrigins.value ?? '').split(' ').filter((origin) => origin !== ''),
    lifetimes: {
      access_token_max_age: secondsOf(values.accessTokenMaxAge),
      refresh_token_max_age: secondsOf(values.refreshTokenMaxAge),
      session_max_age: values.sessionMaxAge.value === NEVER ? null : secondsOf(values.sessionMaxAge),
    },
    items_belong_to: values.itemsBelongTo.value === 'submitter' ? 'submitter' : 'everybody',
    config: values.config.value === null ? null : absolutePath(values.config.value),
    custom_modules: customModulesOf(values),
  };
}

/** @throws SettingRefused naming where it stands */
function secondsOf({ value, from }: Resolved): number {
  const seconds = value?.trim() ? Number(value) : Number.NaN;
  if (seconds > 0 && Number.isFinite(seconds)) return seconds;
  throw new SettingRefused(`${from} must be a number of seconds above 0, received '${value}'`);
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

const VERBOSITY = { VERBOSE: 'debug', NORMAL: 'info', QUIET: 'warning', SILENT: 'error' } as const;

/** @throws SettingRefused when two of the options are given: the original takes one of them, too */
function verbosityOf({ verbose, quiet, silent, consoleLoggingLevel }: ManagerValues): ManagerSettings['verbosity'] {
  const levels = [
    [verbose, 'debug'],
    [quiet, 'warning'],
    [silent, 'error'],
  ] as const;
  const given = levels.filter(([{ value }]) => value !== null);
  if (given.length > 1) throw new SettingRefused('Only one of --verbose, --quiet and --silent may be given');
  return given[0]?.[1] ?? VERBOSITY[consoleLoggingLevel.value as keyof typeof VERBOSITY];
}

// A name is not an address to bind: the original's users write localhost all the same.
const bindAddress = (address: string | null) => (address ?? '').replace('://localhost:', '://127.0.0.1:');

/** The file that a path names: one that does not end in `.yaml` is a folder, as it is for the original. */
function fileIn(path: string, name: string): string;
function fileIn(path: string | null, name: string): string | null;
function fileIn(path: string | null, name: string): string | null {
  if (path === null) return null;
  const absolute = absolutePath(path);
  const isFile = absolute.endsWith('.yaml') || statSync(absolute, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? absolute : join(absolute, name);
}

function listsFile(path: string): string {
  const file = fileIn(path, LISTS_FILE);
  if (existsSync(dirname(file))) return file;
  throw new SettingRefused(
    `The directory for list of plans and devices ('${dirname(file)}') does not exist. Create it and start again.`,
  );
}

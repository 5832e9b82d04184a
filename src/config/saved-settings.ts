import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { ManagerValues } from './manager-values.ts';
import { absolutePath } from './paths.ts';
import type { ManagerSettings } from './process-settings.ts';
import { listOf, SettingRefused } from './setting.ts';
import type { Resolved } from './setting.ts';
import type { StartupCode } from './startup-code.ts';

/** Python's numbers for the levels of its logs. */
const LEVELS = { debug: 10, info: 20, warning: 30, error: 51 } as const;

/**
 * Writes what holds, in the names and forms of the original, where `QSERVER_SETTINGS_SAVE_TO_FILE` asks for it: test suites
 * compare it. Secrets are in it, as they are in the original's; so the file is for its owner alone.
 * @throws SettingRefused when it cannot be written
 */
export function saveSettings(values: ManagerValues, settings: ManagerSettings, code: StartupCode): void {
  const file = values.settingsSaveToFile.value;
  if (file === null) return;
  try {
    writeFileSync(absolutePath(file), stringify(asOriginal(values, settings, code)), { mode: 0o600 });
  } catch (cause) {
    const { from } = values.settingsSaveToFile;
    throw new SettingRefused(`${from} must name a file that can be written: ${(cause as Error).message}`, { cause });
  }
}

function asOriginal(values: ManagerValues, settings: ManagerSettings, { isNamed }: StartupCode) {
  return {
    console_logging_level: LEVELS[settings.verbosity],
    demo_mode: !isNamed,
    device_max_depth: integer(values.deviceMaxDepth),
    emergency_lock_key: values.emergencyLockKey.value,
    existing_plans_and_devices_path: settings.existing_plans_devices_file,
    ignore_invalid_plans: isOn(values.ignoreInvalidPlans),
    ipython_connection_dir: values.ipythonConnectionDir.value,
    ipython_connection_file: values.ipythonConnectionFile.value,
    ipython_control_port: integer(values.ipythonControlPort),
    ipython_dir: values.ipythonDir.value,
    ipython_hb_port: integer(values.ipythonHbPort),
    ipython_iopub_port: integer(values.ipythonIopubPort),
    ipython_kernel_ip: values.ipythonKernelIp.value,
    ipython_matplotlib: values.ipythonMatplotlib.value,
    ipython_shell_port: integer(values.ipythonShellPort),
    ipython_stdin_port: integer(values.ipythonStdinPort),
    permitted_re_metadata_keys: listOf(values.permittedReMetadataKeys),
    print_console_output: settings.console_output,
    redis_addr: values.redisAddr.value,
    redis_name_prefix: values.redisNamePrefix.value,
    startup_dir: path(values.startupDir),
    startup_module: values.startupModule.value,
    startup_profile: values.startupProfile.value,
    startup_script: path(values.startupScript),
    update_existing_plans_devices: settings.update_existing_plans_devices,
    use_ipython_kernel: isOn(values.useIpythonKernel),
    user_group_permissions_path: settings.user_group_permissions_file,
    user_group_permissions_reload: settings.user_group_permissions_reload,
    zmq_control_addr: values.zmqControlAddr.value,
    zmq_encoding: settings.zmq_encoding,
    zmq_info_addr: values.zmqInfoAddr.value,
    zmq_private_key: values.zmqPrivateKey.value,
    zmq_publish_console: settings.zmq_publish_console,
  };
}

const isOn = ({ value }: Resolved): boolean => value === 'ON';
const integer = ({ value }: Resolved): number | null => (value === null ? null : Number(value));
const path = ({ value }: Resolved): string | null => (value === null ? null : absolutePath(value));

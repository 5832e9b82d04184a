import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { managerValues } from '../../../src/config/manager-values.ts';
import { listOf } from '../../../src/config/setting.ts';
import { aFolder } from '../../support/supervised.ts';

/** The settings with a config file of this text, named by the option unless the environment does. */
function valuesWith(text: string, options: Record<string, string> = {}, environment: Record<string, string> = {}) {
  using folder = aFolder();
  const config = join(folder.path, 'config.yml');
  writeFileSync(config, text);
  return managerValues({ options: { config, ...options }, environment });
}

const EVERY_KEY = `
network:
  zmq_control_addr: tcp://*:60617
  zmq_encoding: msgpack
  zmq_private_key: Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy
  zmq_info_addr: tcp://*:60627
  zmq_publish_console: true
  redis_addr: localhost:6379
  redis_name_prefix: qs_unit_tests2
worker:
  use_ipython_kernel: false
  ipython_kernel_ip: auto
  ipython_matplotlib: qt5
  ipython_connection_dir: /tmp
  ipython_connection_file: test_connection_file
  ipython_control_port: 60000
  ipython_hb_port: 60001
  ipython_iopub_port: 60002
  ipython_shell_port: 60003
  ipython_stdin_port: 60004
  permitted_re_metadata_keys:
    - /a/b
    - /c
startup:
  keep_re: false
  device_max_depth: 2
  ignore_invalid_plans: true
  startup_dir: $PLACE/startup
  existing_plans_and_devices_path: $PLACE
  user_group_permissions_path: $PLACE
operation:
  print_console_output: false
  console_logging_level: VERBOSE
  update_existing_plans_and_devices: ALWAYS
  user_group_permissions_reload: ON_REQUEST
  emergency_lock_key: different_lock_key
`;

describe('a config file of the original', () => {
  test('is read with every key that it may have', () => {
    const values = valuesWith(EVERY_KEY, {}, { PLACE: '/here' });
    expect(Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value]))).toMatchObject({
      zmqControlAddr: 'tcp://*:60617',
      zmqEncoding: 'msgpack',
      zmqPrivateKey: 'Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy',
      zmqPublishConsole: 'ON',
      redisAddr: 'localhost:6379',
      redisNamePrefix: 'qs_unit_tests2',
      ipythonShellPort: '60003',
      keepRe: 'OFF',
      deviceMaxDepth: '2',
      ignoreInvalidPlans: 'ON',
      startupDir: '/here/startup',
      existingPlansDevices: '/here',
      consoleOutput: 'OFF',
      consoleLoggingLevel: 'VERBOSE',
      updateExistingPlansDevices: 'ALWAYS',
      userGroupPermissionsReload: 'ON_REQUEST',
      emergencyLockKey: 'different_lock_key',
    });
    expect(listOf(values.permittedReMetadataKeys)).toEqual(['/a/b', '/c']);
  });

  test('is named by QSERVER_CONFIG where no option names one', () => {
    using folder = aFolder();
    const config = join(folder.path, 'config.yml');
    writeFileSync(config, 'network: {redis_name_prefix: from_file}\n');
    const { redisNamePrefix } = managerValues({ options: {}, environment: { QSERVER_CONFIG: config } });
    expect(redisNamePrefix.value).toBe('from_file');
  });
});

describe('the order', () => {
  const text = 'network: {zmq_control_addr: tcp://127.0.0.1:2}\n';
  const environment = { QSERVER_ZMQ_CONTROL_ADDRESS_FOR_SERVER: 'tcp://127.0.0.1:3' };

  test('is option, file, environment, as in the original', () => {
    const addresses = [
      valuesWith(text, { zmqControlAddr: 'tcp://127.0.0.1:1' }, environment),
      valuesWith(text, {}, environment),
      valuesWith('{}', {}, environment),
      valuesWith('{}'),
    ].map(({ zmqControlAddr }) => [zmqControlAddr.value, zmqControlAddr.origin]);
    expect(addresses).toEqual([
      ['tcp://127.0.0.1:1', 'option'],
      ['tcp://127.0.0.1:2', 'file'],
      ['tcp://127.0.0.1:3', 'environment'],
      ['tcp://127.0.0.1:60615', 'default'],
    ]);
  });
});

describe('one place for the startup code', () => {
  // The original accepts and refuses the same ones.
  test.each([
    'startup_profile: collection_sim',
    'ipython_dir: ~/.ipython',
    'startup_profile: collection_sim, ipython_dir: ~/.ipython',
    'startup_profile: collection_sim, startup_script: /x.py',
    'ipython_dir: ~/.ipython, startup_module: some.module',
    'startup_profile: p, ipython_dir: ~/.ipython, startup_module: some.module',
  ])('is what {%s} names', (keys) => {
    expect(() => valuesWith(`startup: {${keys}}\n`)).not.toThrow();
  });

  test.each([
    ['startup_script: /x.py, startup_module: some.module', "startup_module='some.module' startup_script='/x.py'"],
    ['startup_profile: p, startup_dir: /x', "startup_dir='/x' startup_profile='p'"],
    ['ipython_dir: /i, startup_dir: /x', "startup_dir='/x' ipython_dir='/i'"],
    ['startup_script: /x.py, startup_dir: /x', "startup_dir='/x' startup_script='/x.py'"],
  ])('is not what {%s} names', (keys, named) => {
    expect(() => valuesWith(`startup: {${keys}}\n`)).toThrow(
      `Ambiguous location of startup code is specified in the config file: ${named}`,
    );
  });

  test('may be named by the file and, otherwise, by an option', () => {
    expect(() => valuesWith('startup: {startup_dir: /x}\n', { startupModule: '/y.ts' })).not.toThrow();
  });
});

test('the example of the how-to is a config file', () => {
  const page = readFileSync(new URL('../../../docs/how-to/bring-your-config-file.md', import.meta.url), 'utf8');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(page) ?? [];
  const values = valuesWith(example, {}, { HOME: '/home/ann' });
  expect(values.existingPlansDevices.value).toBe('/home/ann');
  expect(listOf(values.permittedReMetadataKeys)).toEqual(['/scan_id', '/versions']);
});

describe('a private key', () => {
  const key = 'Ue=.po0aQ9.}<Xvrny+f{V04XMc6JZ9ufKf5aeFy';

  test('of the file goes before that of the environment', () => {
    const environment = { QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER: '=E0[czQkp!!%0TL1LCJ5X[<wjYD[iV+p[yuaI0an' };
    expect(valuesWith(`network: {zmq_private_key: "${key}"}\n`, {}, environment).zmqPrivateKey.value).toBe(key);
  });

  test('of the wrong form is refused by the name that it came by, and not shown', () => {
    const refused = () => valuesWith(`network: {zmq_private_key: "${key}x"}\n`);
    expect(refused).toThrow(/^network\/zmq_private_key \(.*config\.yml:1\) must be a key of 40 characters in z85/);
    expect(refused).not.toThrow(key);
  });
});

import type { SettingsTable } from './setting.ts';
import { MANAGER_SETTINGS } from './settings.ts';

/** The settings of the command-line tools, by the names and defaults of bluesky-queueserver's. */

const zmqEncoding = {
  says: 'Encoding that the manager uses.',
  option: '--zmq-encoding <encoding>',
  env: 'QSERVER_ZMQ_ENCODING',
  choices: ['json', 'msgpack'],
  isCaseless: true,
  default: 'json',
} as const;

/** The lock key is no secret to whoever reads the command line; it never reaches a log. */
export const QSERVER_SETTINGS = {
  zmqControlAddr: {
    says: 'Control address of the manager.',
    option: '-a, --zmq-control-addr <address>',
    env: 'QSERVER_ZMQ_CONTROL_ADDRESS',
    former: { option: '--address <address>' },
    default: 'tcp://localhost:60615',
  },
  zmqEncoding,
  zmqPublicKey: {
    says: 'Public key of the manager, where its control socket is encrypted.',
    env: 'QSERVER_ZMQ_PUBLIC_KEY',
    default: null,
  },
  lockKey: { says: 'Key of the lock that holds, or is set.', option: '-k, --lock-key <key>', default: null },
} as const satisfies SettingsTable;

export const CONSOLE_MONITOR_SETTINGS = {
  zmqInfoAddr: {
    says: 'Address on which the manager publishes console output.',
    option: '--zmq-info-addr <address>',
    env: 'QSERVER_ZMQ_INFO_ADDRESS',
    former: { option: '--zmq-subscribe-addr <address>' },
    default: 'tcp://localhost:60625',
  },
  zmqEncoding,
} as const satisfies SettingsTable;

export const ZMQ_KEYS_SETTINGS = {
  zmqPrivateKey: {
    says: 'Show the public key that belongs to this private key, instead of a new pair.',
    option: '--zmq-private-key <key>',
    default: null,
  },
} as const satisfies SettingsTable;

const { startupProfile, startupDir, startupModule, startupScript } = MANAGER_SETTINGS;
const { ipythonDir, useIpythonKernel, ignoreInvalidPlans, deviceMaxDepth } = MANAGER_SETTINGS;
/** Where startup code is, as for a manager. */
export const STARTUP_SETTINGS = {
  startupProfile,
  startupDir,
  startupModule,
  startupScript,
  ipythonDir,
  useIpythonKernel,
  ignoreInvalidPlans,
  deviceMaxDepth,
} as const satisfies SettingsTable;

export const LIST_SETTINGS = {
  fileDir: { says: 'Folder that the file is written to.', option: '--file-dir <folder>', default: '.' },
  fileName: {
    says: 'Name of the file.',
    option: '--file-name <name>',
    default: 'existing_plans_and_devices.yaml',
  },
} as const satisfies SettingsTable;

/** Either of them means Redis; without them it is the embedded store of a data directory. */
export const CLEAR_LOCK_SETTINGS = {
  redisAddr: { ...MANAGER_SETTINGS.redisAddr, says: 'Redis that holds the lock.', default: 'localhost' },
  redisNamePrefix: MANAGER_SETTINGS.redisNamePrefix,
} as const satisfies SettingsTable;

export const KEYS_SETTINGS = {
  provider: {
    says: 'Provider of the user, as the configuration names it.',
    option: '--provider <name>',
    default: null,
  },
  user: { says: 'Whose key it will be.', option: '--user <name>', default: null },
  scopes: {
    says: 'What it may, between commas; without it whatever its user may.',
    option: '--scopes <list>',
    default: null,
  },
  expiresIn: {
    says: 'Seconds until it ends; without it it does not.',
    option: '--expires-in <seconds>',
    default: null,
  },
  note: { says: 'What it is for.', option: '--note <text>', default: null },
} as const satisfies SettingsTable;

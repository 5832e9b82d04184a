import { IPYTHON_SETTINGS } from './ipython-settings.ts';
import type { SettingsTable } from './setting.ts';

/**
 * Every setting of every process, once. Names, environment variables and defaults are those of `start-re-manager` and
 * `start-bluesky-httpserver` where they have them; the two defaults that differ are in docs/reference/differences.md.
 */
const ON_OFF = ['ON', 'OFF'] as const;

export const DATA_SETTINGS = {
  dataDir: {
    says: 'Folder for the store, run files, logs and keys.',
    option: '--data-dir <folder>',
    env: 'BEAMGATE_DATA',
    default: './data',
  },
} as const satisfies SettingsTable;

export const MANAGER_SETTINGS = {
  config: {
    says: 'Config file of the manager in YAML, or a folder of them.',
    option: '--config <path>',
    env: 'QSERVER_CONFIG',
    default: null,
  },
  zmqControlAddr: {
    says: 'Address of the 0MQ control socket. Beyond loopback anyone on that network can run plans.',
    option: '--zmq-control-addr <address>',
    env: 'QSERVER_ZMQ_CONTROL_ADDRESS_FOR_SERVER',
    file: 'network/zmq_control_addr',
    former: { option: '--zmq-addr <address>' },
    default: 'tcp://127.0.0.1:60615',
  },
  zmqInfoAddr: {
    says: 'Address of the 0MQ socket that publishes status and console output.',
    option: '--zmq-info-addr <address>',
    env: 'QSERVER_ZMQ_INFO_ADDRESS_FOR_SERVER',
    file: 'network/zmq_info_addr',
    former: { option: '--zmq-publish-console-addr <address>' },
    default: 'tcp://127.0.0.1:60625',
  },
  zmqEncoding: {
    says: 'Encoding of requests and replies on the control socket.',
    option: '--zmq-encoding <encoding>',
    env: 'QSERVER_ZMQ_ENCODING_FOR_SERVER',
    file: 'network/zmq_encoding',
    choices: ['json', 'msgpack'],
    isCaseless: true,
    default: 'json',
  },
  zmqPrivateKey: {
    says: 'Private key of the control socket (40 characters of z85): only clients that have its public key get in.',
    env: 'QSERVER_ZMQ_PRIVATE_KEY_FOR_SERVER',
    file: 'network/zmq_private_key',
    former: { env: ['QSERVER_ZMQ_PRIVATE_KEY'] },
    default: null,
    secret: true,
  },
  zmqPublishConsole: {
    says: 'Publish status and console output on the info address.',
    option: '--zmq-publish-console <ON|OFF>',
    file: 'network/zmq_publish_console',
    form: 'on-off',
    choices: ON_OFF,
    default: 'OFF',
  },
  zmqDocumentsAddr: {
    says: "Address of a 0MQ socket that publishes documents in the form of bluesky's Publisher.",
    option: '--zmq-documents-addr <address>',
    env: 'BEAMGATE_ZMQ_DOCUMENTS_ADDRESS',
    default: null,
  },
  zmqDocumentsProxy: {
    says: 'Address of a bluesky-0MQ-proxy that documents are sent to, in place of a socket of our own.',
    option: '--zmq-documents-proxy <address>',
    env: 'BEAMGATE_ZMQ_DOCUMENTS_PROXY',
    default: null,
  },
  zmqDocumentsPrefix: {
    says: 'What published documents begin with, without spaces.',
    option: '--zmq-documents-prefix <text>',
    default: '',
  },
  zmqDocumentsEncoding: {
    says: 'Encoding of published documents.',
    option: '--zmq-documents-encoding <encoding>',
    choices: ['pickle', 'json'],
    default: 'pickle',
  },
  consoleOutput: {
    says: 'Print console output of manager and worker on the terminal.',
    option: '--console-output <ON|OFF>',
    file: 'operation/print_console_output',
    form: 'on-off',
    choices: ON_OFF,
    default: 'ON',
  },
  startupProfile: {
    says: "Startup profile: 'sim' is the simulated one, and the default; another is a folder beside other IPython profiles.",
    option: '--startup-profile <name>',
    file: 'startup/startup_profile',
    default: null,
  },
  startupDir: {
    says: 'Folder with startup code in TypeScript.',
    option: '--startup-dir <folder>',
    file: 'startup/startup_dir',
    default: null,
  },
  startupModule: {
    says: 'Startup module in TypeScript.',
    option: '--startup-module <file>',
    file: 'startup/startup_module',
    default: null,
  },
  startupScript: {
    says: 'Startup script in TypeScript.',
    option: '--startup-script <file>',
    file: 'startup/startup_script',
    default: null,
  },
  existingPlansDevices: {
    says: 'File with the lists of existing plans and devices, or its folder.',
    option: '--existing-plans-devices <path>',
    file: 'startup/existing_plans_and_devices_path',
    default: null,
  },
  updateExistingPlansDevices: {
    says: 'When the file of existing plans and devices is written.',
    option: '--update-existing-plans-devices <when>',
    file: 'operation/update_existing_plans_and_devices',
    choices: ['NEVER', 'ENVIRONMENT_OPEN', 'ALWAYS'],
    default: 'ENVIRONMENT_OPEN',
  },
  userGroupPermissions: {
    says: 'File with the permissions of user groups, or its folder.',
    option: '--user-group-permissions <path>',
    file: 'startup/user_group_permissions_path',
    default: null,
  },
  userGroupPermissionsReload: {
    says: 'When permissions are read from disk again.',
    option: '--user-group-permissions-reload <when>',
    file: 'operation/user_group_permissions_reload',
    choices: ['NEVER', 'ON_REQUEST', 'ON_STARTUP'],
    default: 'ON_STARTUP',
  },
  redisAddr: {
    says: 'Redis that holds the queue, e.g. localhost:6379/0. Without it the queue is in the embedded store.',
    option: '--redis-addr <address>',
    file: 'network/redis_addr',
    default: null,
  },
  redisNamePrefix: {
    says: 'What the names of the keys in Redis begin with.',
    option: '--redis-name-prefix <prefix>',
    file: 'network/redis_name_prefix',
    default: 'qs_default',
  },
  deviceMaxDepth: {
    says: 'How many levels of devices and their parts are listed; 0 lists all.',
    option: '--device-max-depth <levels>',
    file: 'startup/device_max_depth',
    form: 'integer',
    default: '0',
  },
  ignoreInvalidPlans: {
    says: 'Leave plans that cannot be described out of the lists, instead of refusing the startup code or script.',
    option: '--ignore-invalid-plans <ON|OFF>',
    file: 'startup/ignore_invalid_plans',
    form: 'on-off',
    choices: ON_OFF,
    default: 'OFF',
  },
  permittedReMetadataKeys: {
    says: "Which metadata of the RunEngine clients may read, as paths: '/key' with all below it, '/' for everything.",
    option: '--permitted-re-metadata-keys <paths...>',
    env: 'QSERVER_PERMITTED_RE_METADATA_KEYS',
    file: 'worker/permitted_re_metadata_keys',
    form: 'list',
    default: '["/"]',
  },
  emergencyLockKey: {
    says: 'A key that takes any lock away.',
    env: 'QSERVER_EMERGENCY_LOCK_KEY_FOR_SERVER',
    file: 'operation/emergency_lock_key',
    default: null,
    secret: true,
  },
  consoleLoggingLevel: {
    says: 'How much is logged, where none of --verbose, --quiet and --silent is given.',
    file: 'operation/console_logging_level',
    choices: ['VERBOSE', 'NORMAL', 'QUIET', 'SILENT'],
    default: 'NORMAL',
  },
  verbose: {
    says: 'Log what is received and done in detail, the request ids of gateways included.',
    option: '--verbose',
    default: null,
  },
  quiet: { says: 'Log warnings and errors only.', option: '--quiet', default: null },
  silent: { says: 'Log errors only.', option: '--silent', default: null },
  worker: {
    says: "'own' starts the worker beside the manager; 'external' leaves that to 'beamgate worker' on the same data directory.",
    option: '--worker <which>',
    choices: ['own', 'external'],
    default: 'own',
  },
  testing: {
    says: 'Answer manager_kill and manager_test, as the original always does: for test suites alone.',
    env: 'BEAMGATE_TESTING',
    choices: ['0', '1'],
    default: '0',
  },
  keepRe: {
    says: 'Accepted for compatibility: the worker always makes its own RunEngine.',
    option: '--keep-re',
    file: 'startup/keep_re',
    form: 'on-off',
    isDeprecated: true,
    default: null,
  },
  settingsSaveToFile: {
    says: 'File that the settings which hold are written to, secrets included: for tests.',
    env: 'QSERVER_SETTINGS_SAVE_TO_FILE',
    default: null,
  },
  ...IPYTHON_SETTINGS,
} as const satisfies SettingsTable;

export const GATEWAY_SETTINGS = {
  host: {
    says: 'Address that the HTTP server listens on.',
    option: '--host <address>',
    file: 'uvicorn/host',
    default: '127.0.0.1',
  },
  port: {
    says: 'Port of the HTTP server; 0 takes a free one.',
    option: '--port <number>',
    file: 'uvicorn/port',
    default: '60610',
  },
  zmqControlAddress: {
    says: 'Control address of the manager.',
    option: '--zmq-control-address <address>',
    env: 'QSERVER_ZMQ_CONTROL_ADDRESS',
    former: { env: ['QSERVER_ZMQ_ADDRESS_CONTROL', 'QSERVER_ZMQ_ADDRESS'] },
    file: 'qserver_zmq_configuration/control_address',
    default: 'tcp://127.0.0.1:60615',
  },
  zmqInfoAddress: {
    says: 'Info address of the manager.',
    option: '--zmq-info-address <address>',
    env: 'QSERVER_ZMQ_INFO_ADDRESS',
    former: { env: ['QSERVER_ZMQ_ADDRESS_CONSOLE'] },
    file: 'qserver_zmq_configuration/info_address',
    default: 'tcp://127.0.0.1:60625',
  },
  zmqEncoding: {
    says: 'Encoding of the control socket.',
    env: 'QSERVER_ZMQ_ENCODING',
    file: 'qserver_zmq_configuration/encoding',
    choices: ['json', 'msgpack'],
    isCaseless: true,
    default: 'json',
  },
  zmqPublicKey: {
    says: 'Public key of a manager that encrypts its control socket (40 characters of z85).',
    env: 'QSERVER_ZMQ_PUBLIC_KEY',
    file: 'qserver_zmq_configuration/public_key',
    default: null,
  },
  allowAnonymousAccess: {
    says: 'Let callers without a credential read the status, or what else the role unauthenticated_public may.',
    option: '--public',
    env: 'QSERVER_HTTP_SERVER_ALLOW_ANONYMOUS_ACCESS',
    file: 'authentication/allow_anonymous_access',
    form: 'on-off',
    default: 'OFF',
  },
  allowOrigins: {
    says: 'Origins of browser pages that may call, separated by spaces.',
    env: 'QSERVER_HTTP_SERVER_ALLOW_ORIGINS',
    file: 'allow_origins',
    default: '',
  },
  config: {
    says: 'Configuration file of bluesky-httpserver, or a folder of them.',
    option: '--config <path>',
    former: { option: '--config_path <path>' },
    env: 'QSERVER_HTTP_SERVER_CONFIG',
    default: null,
  },
  itemsBelongTo: {
    says: 'Who may change, move or remove an item of the queue: everybody who may edit it, or its submitter and staff.',
    option: '--items-belong-to <whom>',
    env: 'BEAMGATE_ITEMS_BELONG_TO',
    file: 'beamgate/items_belong_to',
    choices: ['everybody', 'submitter'],
    default: 'everybody',
  },
  accessTokenMaxAge: {
    says: 'Seconds that an access token is good for.',
    env: 'QSERVER_HTTP_SERVER_ACCESS_TOKEN_MAX_AGE',
    file: 'authentication/access_token_max_age',
    default: '900',
  },
  refreshTokenMaxAge: {
    says: 'Seconds after which a session that was not refreshed ends.',
    env: 'QSERVER_HTTP_SERVER_REFRESH_TOKEN_MAX_AGE',
    file: 'authentication/refresh_token_max_age',
    default: '604800',
  },
  sessionMaxAge: {
    says: 'Seconds after which any session ends; null in the configuration: never.',
    env: 'QSERVER_HTTP_SERVER_SESSION_MAX_AGE',
    file: 'authentication/session_max_age',
    default: '31536000',
  },
  databaseUri: {
    says: 'Where the original keeps accounts; sqlite: is accepted, and ours are in the data directory.',
    env: 'QSERVER_HTTP_SERVER_DATABASE_URI',
    file: 'database/uri',
    default: null,
  },
  databasePoolSize: {
    says: 'Accepted for compatibility: there is no pool of connections.',
    env: 'QSERVER_HTTP_SERVER_DATABASE_POOL_SIZE',
    file: 'database/pool_size',
    default: null,
  },
  databasePoolPrePing: {
    says: 'Accepted for compatibility: there is no pool of connections.',
    env: 'QSERVER_HTTP_SERVER_DATABASE_POOL_PRE_PING',
    file: 'database/pool_pre_ping',
    default: null,
  },
  responseBytesizeLimit: {
    says: 'Accepted for compatibility: nothing reads it in the original, either.',
    env: 'QSERVER_HTTP_SERVER_RESPONSE_BYTESIZE_LIMIT',
    default: null,
  },
  customModules: {
    says: 'TypeScript modules of the beamline, between commas: one may export its own format of spreadsheets (`spreadsheetToPlanList`).',
    option: '--custom-modules <files>',
    env: 'QSERVER_CUSTOM_MODULES',
    file: 'server_configuration/custom_modules',
    default: null,
  },
  customModule: {
    says: 'The older name of QSERVER_CUSTOM_MODULES.',
    env: 'QSERVER_CUSTOM_MODULE',
    default: null,
  },
  secretKeys: {
    says: 'Keys that sign tokens, separated by semicolons: the first signs, each is believed. Without any, one is made and kept.',
    env: 'QSERVER_HTTP_SERVER_SERVER_SECRET_KEYS',
    default: null,
    secret: true,
  },
  accountsRedis: {
    says: 'Redis that holds the accounts of several gateways, e.g. redis://:password@host:6379/1. Without it they are in the data directory.',
    env: 'BEAMGATE_ACCOUNTS_REDIS',
    default: null,
    secret: true,
  },
  singleUserApiKey: {
    says: 'The API key of the single user.',
    env: 'QSERVER_HTTP_SERVER_SINGLE_USER_API_KEY',
    file: 'authentication/single_user_api_key',
    default: null,
    secret: true,
  },
} as const satisfies SettingsTable;

export const CHECK_SETTINGS = {
  gatewayConfig: {
    says: "Configuration of the gateway; --config is the manager's.",
    option: '--gateway-config <path>',
    default: null,
  },
} as const satisfies SettingsTable;

export const IOC_SETTINGS = {
  host: { says: 'Address that the simulated IOC listens on.', option: '--host <address>', default: '127.0.0.1' },
  udpPort: { says: 'UDP port of searches; 0 takes a free one.', option: '--udp-port <number>', default: '0' },
  tcpPort: { says: 'TCP port of circuits; 0 takes a free one.', option: '--tcp-port <number>', default: '0' },
} as const satisfies SettingsTable;

import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * What each process needs to know, resolved: the supervisor (or a test) writes it as JSON into a 0600 file and names that
 * file as the only argument of the process. Nothing in it is optional that has a default, and nothing in it is secret:
 * secrets come through the environment.
 */
const Folders = {
  /** The data directory, absolute: store, runs, logs, keys. */
  data_dir: Type.String(),
  /** 0700: sockets, tokens, journals of the running processes. */
  run_dir: Type.String(),
};

export const WorkerLinkSettings = Type.Object({
  /** Path of the worker's socket (short enough for the kernel), and of the file with the token. */
  socket: Type.String(),
  token_file: Type.String(),
});
export interface WorkerLinkSettings extends Static<typeof WorkerLinkSettings> {}

/** Documents over 0MQ: bound to an address or connected to a proxy, exactly one of the two. */
export const DocumentsSettings = Type.Object({
  bind: Type.Union([Type.String(), Type.Null()]),
  proxy: Type.Union([Type.String(), Type.Null()]),
  /** Without spaces; may be empty. */
  prefix: Type.String(),
  encoding: Type.Union([Type.Literal('pickle'), Type.Literal('json')]),
});
export interface DocumentsSettings extends Static<typeof DocumentsSettings> {}

export const WorkerSettings = Type.Object({
  ...Folders,
  link: WorkerLinkSettings,
  /** Where the startup code is: exactly one of the three is not null. */
  startup: Type.Object({
    profile: Type.Union([Type.Literal('sim'), Type.Null()]),
    dir: Type.Union([Type.String(), Type.Null()]),
    module: Type.Union([Type.String(), Type.Null()]),
  }),
  /** EPICS_CA_* as the Channel Access client reads them; the demo's worker looks only at its own IOC. */
  epics: Type.Record(Type.String(), Type.String()),
  runs_dir: Type.String(),
  /** How many levels of devices and their parts are described; 0: all. */
  device_max_depth: Type.Integer({ minimum: 0 }),
  /** Plans that cannot be described are left out, instead of failing the startup code. */
  ignore_invalid_plans: Type.Boolean(),
  /** Paths such as `/key`, with all below: what clients may read of the RunEngine's metadata. */
  permitted_re_metadata_keys: Type.Array(Type.String()),
  /** null: documents go into files alone. */
  documents: Type.Union([DocumentsSettings, Type.Null()]),
});
export interface WorkerSettings extends Static<typeof WorkerSettings> {}

export const ManagerSettings = Type.Object({
  ...Folders,
  link: WorkerLinkSettings,
  zmq_control_addr: Type.String({ description: 'address to bind, e.g. tcp://127.0.0.1:60615' }),
  zmq_info_addr: Type.String({ description: 'address to bind, e.g. tcp://127.0.0.1:60625' }),
  zmq_encoding: Type.Union([Type.Literal('json'), Type.Literal('msgpack')]),
  zmq_publish_console: Type.Boolean(),
  /** Whether `manager_kill` and `manager_test` are there. */
  testing: Type.Boolean(),
  /** Print console messages on the process's own output, too. */
  console_output: Type.Boolean(),
  verbosity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info'), Type.Literal('debug')]),
  store: Type.Object({ kind: Type.Literal('sqlite'), file: Type.String() }),
  /** Both or none: the queue is in this Redis, under this prefix, and not in the embedded store. */
  redis_addr: Type.Optional(Type.String()),
  redis_name_prefix: Type.Optional(Type.String()),
  /** null: the permissions of the simulated profile. */
  user_group_permissions_file: Type.Union([Type.String(), Type.Null()]),
  existing_plans_devices_file: Type.Union([Type.String(), Type.Null()]),
  /** Of a profile that comes with us the manager knows plans and devices without the file. */
  startup_profile: Type.Union([Type.Literal('sim'), Type.Null()]),
  update_existing_plans_devices: Type.Union([
    Type.Literal('NEVER'),
    Type.Literal('ENVIRONMENT_OPEN'),
    Type.Literal('ALWAYS'),
  ]),
  user_group_permissions_reload: Type.Union([
    Type.Literal('NEVER'),
    Type.Literal('ON_REQUEST'),
    Type.Literal('ON_STARTUP'),
  ]),
});
export interface ManagerSettings extends Static<typeof ManagerSettings> {}

export const GatewaySettings = Type.Object({
  ...Folders,
  host: Type.String(),
  port: Type.Integer({ minimum: 0, maximum: 65535, description: '0: a free one' }),
  zmq_control_address: Type.String({ description: 'address to connect to, e.g. tcp://127.0.0.1:60615' }),
  zmq_info_address: Type.String(),
  zmq_encoding: Type.Union([Type.Literal('json'), Type.Literal('msgpack')]),
  /** Of a manager that encrypts; null: the manager does not. */
  zmq_public_key: Type.Union([Type.String(), Type.Null()]),
  /** File with the single-user key made at first start; null: none was made. The environment's key goes before it. */
  single_user_key_file: Type.Union([Type.String(), Type.Null()]),
  allow_anonymous_access: Type.Boolean(),
  allow_origins: Type.Array(Type.String()),
  items_belong_to: Type.Union([Type.Literal('everybody'), Type.Literal('submitter')]),
  /** In seconds; null: sessions have no end of their own. */
  lifetimes: Type.Object({
    access_token_max_age: Type.Number({ exclusiveMinimum: 0 }),
    refresh_token_max_age: Type.Number({ exclusiveMinimum: 0 }),
    session_max_age: Type.Union([Type.Number({ exclusiveMinimum: 0 }), Type.Null()]),
  }),
  /** File or folder with the configuration, absolute: providers, policies and secrets are read there by the process itself. */
  config: Type.Union([Type.String(), Type.Null()]),
  /** Files, absolute. */
  custom_modules: Type.Array(Type.String()),
});
export interface GatewaySettings extends Static<typeof GatewaySettings> {}

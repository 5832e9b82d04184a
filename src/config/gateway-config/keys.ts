import type { Schema } from '../../lib/json-schema/schema.ts';

/** One key of the configuration. */
export interface ConfigKey {
  readonly schema: Schema;
  /** One sentence for the person who writes it: what it does here. */
  readonly says: string;
  /** Why it is not taken, where nothing here could be set by it. */
  readonly refusal?: string;
}

interface Section {
  readonly keys: Readonly<Record<string, ConfigKey>>;
  readonly isOptional?: true;
  /** Other keys are accepted and change nothing. */
  readonly isOpen?: true;
  readonly required?: readonly string[];
}

const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const INTEGER: Schema = { type: 'integer' };
const YES_OR_NO: Schema = { type: 'boolean' };
const OBJECT: Schema = { type: 'object' };
const TEXTS: Schema = { type: 'array', items: TEXT };
const LIST: Schema = { type: 'array' };

const key = (schema: Schema, says: string, refusal?: string): ConfigKey => ({
  schema,
  says,
  ...(refusal === undefined ? {} : { refusal }),
});

const CIPHERS = 'Node chooses protocol and ciphers; a proxy in front can choose others';

const SECTIONS: Readonly<Record<string, Section>> = {
  qserver_zmq_configuration: {
    keys: {
      control_address: key(TEXT, 'Control address of the manager.'),
      info_address: key(TEXT, 'Info address of the manager.'),
      encoding: key(TEXT, "Encoding of the control socket: 'json' or 'msgpack'."),
      public_key: key(TEXT, 'Public key of the manager, of 40 characters; best as `${A_VARIABLE}`.'),
    },
  },
  server_configuration: {
    keys: {
      custom_routers: key(
        LIST,
        'Python modules with routes of a site.',
        'Python routers cannot run in this gateway: serve them beside it, behind the same proxy',
      ),
      custom_modules: key(
        LIST,
        'TypeScript modules; one may turn spreadsheets into plans. Python modules are refused.',
      ),
    },
  },
  authentication: {
    isOptional: true,
    keys: {
      providers: key(LIST, 'Who can say who somebody is: `provider` (stands in URLs), `authenticator` and its `args`.'),
      secret_keys: key(TEXTS, 'Keys that sign tokens: the first one signs, all are believed. Best as `${A_VARIABLE}`.'),
      allow_anonymous_access: key(
        YES_OR_NO,
        'Let callers without a credential do what the role `unauthenticated_public` may.',
      ),
      single_user_api_key: key(TEXT, 'The API key of the single user of a gateway without providers.'),
      access_token_max_age: key(NUMBER, 'Seconds that an access token is good for; 900 if absent.'),
      refresh_token_max_age: key(
        NUMBER,
        'Seconds after which a session that was not refreshed ends; a week if absent.',
      ),
      session_max_age: key(
        { type: ['number', 'null'] },
        'Seconds after which any session ends; null: never; a year if absent.',
      ),
    },
  },
  database: {
    required: ['uri'],
    keys: {
      uri: key(TEXT, 'Where the original keeps accounts. `sqlite:` is accepted: ours are in the data directory.'),
      pool_pre_ping: key(YES_OR_NO, 'Changes nothing here.'),
      pool_size: key(INTEGER, 'Changes nothing here.'),
    },
  },
  uvicorn: {
    isOpen: true,
    keys: {
      host: key(TEXT, 'Address that the HTTP server listens on.'),
      port: key(INTEGER, 'Port of the HTTP server.'),
      workers: key(INTEGER, 'More than 1 is refused: start several gateways behind one proxy.'),
      root_path: key(TEXT, 'Path below which a proxy serves the gateway.', 'let the proxy in front take the path away'),
      proxy_headers: key(YES_OR_NO, 'Believe `X-Forwarded-…` of a trusted proxy.', 'it is not there yet: leave it out'),
      forwarded_allow_ips: key(TEXT, 'Addresses of trusted proxies, by commas.', 'it is not there yet: leave it out'),
      ssl_keyfile: key(TEXT, 'Key file for HTTPS.', 'let a proxy in front speak HTTPS'),
      ssl_certfile: key(TEXT, 'Certificate file for HTTPS.', 'let a proxy in front speak HTTPS'),
      ssl_keyfile_password: key(TEXT, 'Password of the key file.', 'let a proxy in front speak HTTPS'),
      ssl_version: key(INTEGER, 'Refused: Node chooses it.', CIPHERS),
      ssl_cert_reqs: key(
        INTEGER,
        'Refused: certificates of clients are for a proxy to ask for.',
        'let a proxy in front ask for certificates of clients',
      ),
      ssl_ca_certs: key(
        TEXT,
        'Refused: certificates of clients are for a proxy to ask for.',
        'let a proxy in front ask for certificates of clients',
      ),
      ssl_ciphers: key(TEXT, 'Refused: Node chooses them.', CIPHERS),
    },
  },
  api_access: {
    keys: {
      policy: key(TEXT, 'What users may call: the policy, see below.'),
      args: key(OBJECT, 'Its arguments.'),
    },
  },
  resource_access: {
    keys: {
      policy: key(TEXT, 'As which groups of the manager users ask: the policy, see below.'),
      args: key(OBJECT, 'Its arguments.'),
    },
  },
  metrics: {
    isOpen: true,
    keys: { prometheus: key(YES_OR_NO, 'Changes nothing here: `PROMETHEUS_MULTIPROC_DIR` is not needed, either.') },
  },
};

/** Joined when several files of a folder name it. */
export const ALLOW_ORIGINS = key(TEXTS, 'Origins of browser pages that may call.');

/** Every key by its path, `uvicorn/host`, for the reference page and for whoever reads them. */
export const CONFIG_KEYS: ReadonlyMap<string, ConfigKey> = new Map([
  ...Object.entries(SECTIONS).flatMap(([section, { keys }]) =>
    Object.entries(keys).map(([name, each]): [string, ConfigKey] => [`${section}/${name}`, each]),
  ),
  ['allow_origins', ALLOW_ORIGINS],
]);

/** Ours alone: the original knows no such section. */
const OWN_SECTION = 'beamgate';

/** What one file must be, as the original has it; `own` are the keys of the section that is ours. */
export const configSchema = (own: readonly string[]): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(Object.entries(SECTIONS).map(([name, section]) => [name, schemaOf(section)])),
    allow_origins: ALLOW_ORIGINS.schema,
    [OWN_SECTION]: {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(own.map((name) => [name.replace(`${OWN_SECTION}/`, ''), {}])),
    },
  },
});

const schemaOf = ({ keys, isOptional, isOpen, required }: Section): Schema => ({
  type: isOptional ? ['object', 'null'] : 'object',
  ...(isOpen ? {} : { additionalProperties: false }),
  ...(required === undefined ? {} : { required }),
  properties: Object.fromEntries(Object.entries(keys).map(([name, { schema }]) => [name, schema])),
});

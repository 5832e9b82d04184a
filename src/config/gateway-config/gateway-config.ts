import { judge } from '../../lib/json-schema/judge.ts';
import { isDict } from '../../lib/python-text/py-value.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { readConfigFiles } from '../config-files.ts';
import type { ConfigPath } from '../config-files.ts';
import { SettingRefused } from '../setting.ts';
import type { FileValue, Setting, SettingsTable } from '../setting.ts';
import { API_POLICIES, AUTHENTICATORS, classSpec, RESOURCE_POLICIES } from './class-names.ts';
import type { ApiPolicyKind, AuthenticatorKind, ClassSpec, ResourcePolicyKind } from './class-names.ts';
import { CONFIG_KEYS, configSchema } from './keys.ts';

type Dict = Record<string, PyValue>;
type Environment = Readonly<Record<string, string | undefined>>;

/** An identity provider by its name in URLs. */
export interface ProviderSpec extends ClassSpec<AuthenticatorKind> {
  readonly provider: string;
}

/** What a configuration says. Arguments are not judged yet: who makes an authenticator or policy knows what it needs. */
export interface GatewayConfig {
  /** For the table of settings, by their `file`. */
  readonly settings: ReadonlyMap<string, FileValue>;
  readonly providers: readonly ProviderSpec[];
  readonly apiAccess: ClassSpec<ApiPolicyKind>;
  readonly resourceAccess: ClassSpec<ResourcePolicyKind>;
  /** Empty: the configuration names none. */
  readonly secretKeys: readonly string[];
  readonly singleUserApiKey: string | null;
  /** A sentence for each key that is accepted and changes nothing. */
  readonly notices: readonly string[];
}

/** The value of a lifetime that is null in the configuration. */
export const NEVER = 'never';

/** Of a gateway without a configuration: the original's defaults. */
export const NO_CONFIG: GatewayConfig = {
  settings: new Map(),
  providers: [],
  apiAccess: { kind: 'basic', args: {} },
  resourceAccess: { kind: 'one-group', args: {} },
  secretKeys: [],
  singleUserApiKey: null,
  notices: [],
};

/** In the original's words; each stands in one file. */
const NAMES_IN_REFUSALS: Readonly<Record<string, string>> = {
  qserver_zmq_configuration: "'qserver_zmq_configuration'",
  server_configuration: "'server_configuration'",
  api_access: 'api access',
  resource_access: 'resource access',
  database: 'database configuration',
};

export interface ConfigSources {
  readonly environment: Environment;
  /** Whose `file`s may stand in the configuration. */
  readonly settings: SettingsTable;
}

/** Reads a file or folder. @throws SettingRefused in the original's words where it has any, with the place */
export function readGatewayConfig(path: string, { environment, settings }: ConfigSources): GatewayConfig {
  const schema = configSchema(
    Object.values(settings).flatMap(({ file }) => (file?.startsWith('beamgate/') ? [file] : [])),
  );
  const files = readConfigFiles(path, {
    environment,
    joined: ['allow_origins'],
    nameOf: (section) => NAMES_IN_REFUSALS[section] ?? section,
    check(value, file) {
      const violation = judge(value as PyValue, schema);
      if (violation === null) return;
      throw new SettingRefused(`ValidationError while parsing configuration file ${file}: ${violation.summary}`);
    },
  });
  // The schema has just said so.
  return gatewayConfigOf(files.content as Dict, { settings, placeOf: (at) => files.placeOf(at) });
}

interface Reading {
  readonly settings: SettingsTable;
  readonly placeOf: (path: ConfigPath) => string;
}

/** What a configuration that fits the schema says. @throws SettingRefused */
export function gatewayConfigOf(content: Readonly<Dict>, reading: Reading): GatewayConfig {
  const authentication = sectionOf(content, 'authentication');
  const at =
    (path: ConfigPath) =>
    <T>(make: () => T): T =>
      located(make, reading.placeOf(path));
  const providers = listOf(authentication.providers);
  refuseDuplicates(providers);
  refuseUntaken(content, reading);
  return {
    settings: settingsOf(content, reading),
    providers: providers.map((spec, n) => at(['authentication', 'providers', n])(() => providerSpec(spec))),
    apiAccess: at(['api_access'])(() =>
      policySpec(API_POLICIES, sectionOf(content, 'api_access'), NO_CONFIG.apiAccess),
    ),
    resourceAccess: at(['resource_access'])(() =>
      policySpec(RESOURCE_POLICIES, sectionOf(content, 'resource_access'), NO_CONFIG.resourceAccess),
    ),
    secretKeys: listOf(authentication.secret_keys) as string[],
    singleUserApiKey: (authentication.single_user_api_key as string | undefined) ?? null,
    notices: noticesOf(content, reading),
  };
}

const sectionOf = (content: Readonly<Dict>, name: string): Dict => {
  const section = content[name] ?? null;
  return isDict(section) ? section : {};
};
const listOf = (value: PyValue | undefined): PyValue[] => (Array.isArray(value) ? value : []);

/** The place stands in front, for whoever has to mend it. */
function located<T>(make: () => T, place: string): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SettingRefused) || place === '') throw error;
    throw new SettingRefused(`${place}: ${error.message}`, { cause: error });
  }
}

function refuseDuplicates(providers: readonly PyValue[]): void {
  const names = providers.map((spec) => (isDict(spec) ? spec.provider : undefined));
  if (new Set(names).size === names.length) return;
  throw new SettingRefused(
    // The arguments hold passwords.
    `The names given for 'provider' must be unique. Found duplicates in ${repr(names.map((name) => name ?? null))}`,
  );
}

function providerSpec(spec: PyValue): ProviderSpec {
  if (!isDict(spec)) throw new SettingRefused(`A provider must be an object, received ${repr(spec)}`);
  const { provider, authenticator, args } = spec;
  if (provider === undefined) throw new SettingRefused("'provider'");
  if (typeof provider !== 'string' || !/^[a-zA-Z0-9_-]+$/.test(provider)) {
    throw new SettingRefused(`'provider' stands in URLs: letters, digits, '_' and '-', received ${repr(provider)}`);
  }
  if (typeof authenticator !== 'string') {
    throw new SettingRefused(`'authenticator' must be a text, received ${repr(authenticator ?? null)}`);
  }
  return { provider, ...classSpec(AUTHENTICATORS, authenticator, argumentsOf(args)) };
}

function policySpec<Kind extends string>(
  family: Parameters<typeof classSpec<Kind>>[0],
  section: Dict,
  byDefault: ClassSpec<Kind>,
): ClassSpec<Kind> {
  const { policy, args } = section;
  if (typeof policy === 'string') return classSpec(family, policy, argumentsOf(args));
  const [name] = Object.entries(family.classes).find(([, { kind }]) => kind === byDefault.kind) ?? [''];
  return classSpec(family, `${family.modules[0]}:${name}`, argumentsOf(args));
}

function argumentsOf(args: PyValue | undefined): Dict {
  if (args === undefined || args === null) return {};
  if (!isDict(args)) throw new SettingRefused(`'args' must be an object, received ${repr(args)}`);
  return args;
}

/** A setting with no effect would mislead: what nothing here is set by is refused, and the reason says what to do. */
function refuseUntaken(content: Readonly<Dict>, { settings, placeOf }: Reading): void {
  const taken = new Set(Object.values<Setting>(settings).map(({ file }) => file));
  for (const [path, { refusal }] of CONFIG_KEYS) {
    const value = valueAt(content, path);
    if (refusal === undefined || taken.has(path) || value === undefined || isEmpty(value)) continue;
    throw new SettingRefused(`${placeOf(path.split('/'))}: '${path}' is not taken: ${refusal}`);
  }
  const workers = valueAt(content, 'uvicorn/workers');
  if (typeof workers === 'number' && workers > 1) {
    throw new SettingRefused(
      `${placeOf(['uvicorn', 'workers'])}: 'uvicorn/workers' must be 1, received ${workers}: start several gateways behind one proxy`,
    );
  }
}

const isEmpty = (value: PyValue): boolean => value === null || (Array.isArray(value) && value.length === 0);

function valueAt(content: Readonly<Dict>, path: string): PyValue | undefined {
  const [section = '', name] = path.split('/');
  return name === undefined ? content[section] : sectionOf(content, section)[name];
}

/** In the form that options and variables have. */
function settingsOf(content: Readonly<Dict>, { settings, placeOf }: Reading): Map<string, FileValue> {
  const values = new Map<string, FileValue>();
  for (const { file, form } of Object.values<Setting>(settings)) {
    const value = file === undefined ? undefined : valueAt(content, file);
    if (file === undefined || value === undefined) continue;
    values.set(file, { value: textOf(value, form), place: placeOf(file.split('/')) });
  }
  return values;
}

function textOf(value: PyValue, form: Setting['form']): string {
  // The schema lets nothing else be null.
  if (value === null) return NEVER;
  if (typeof value === 'boolean') return value ? 'ON' : 'OFF';
  if (form === 'list') return JSON.stringify(value);
  return Array.isArray(value) ? value.map(str).join(' ') : str(value);
}

function noticesOf(content: Readonly<Dict>, { placeOf }: Reading): string[] {
  return Object.keys(content).flatMap((section) =>
    Object.keys(sectionOf(content, section))
      .filter((name) => ['uvicorn', 'metrics'].includes(section) && !CONFIG_KEYS.has(`${section}/${name}`))
      .map((name) => `${placeOf([section, name])}: '${section}/${name}' changes nothing in this gateway`),
  );
}

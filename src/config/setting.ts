/**
 * One setting, declared once: its option, environment variable, key in a config file, default and sentence. `--help`,
 * `check-config` and the reference page are made from it.
 */
export interface Setting {
  /** One sentence for the person who sets it. */
  readonly says: string;
  /** As commander writes options: `--port <number>`; one without a value is given or not. */
  readonly option?: string;
  readonly env?: string;
  /** Path in the config file, e.g. `network/zmq_control_addr`. */
  readonly file?: string;
  readonly default: string | null;
  readonly choices?: readonly string[];
  /** Text unless said otherwise. */
  readonly form?: SettingForm;
  /** `JSON` is `json`. */
  readonly isCaseless?: true;
  /** Names that it had once. They hold where the present one is not given, with a warning. */
  readonly former?: { readonly option?: string; readonly env?: readonly string[] };
  /** Taken, and warned of: it does nothing. */
  readonly isDeprecated?: true;
  /** A secret is read from the environment or a config file, never printed, never written. */
  readonly secret?: true;
}
export type SettingsTable = Readonly<Record<string, Setting>>;

/**
 * How a value is written. `on-off` is `ON` or `OFF`, true or false in a file, any of Python's words in the environment. A
 * `list` is several words of an option, a list in a file, parted by colons in the environment; its value is JSON.
 */
export type SettingForm = 'text' | 'integer' | 'on-off' | 'list';

/** Where a value came from; what stands further left wins. */
export type Origin = 'option' | 'file' | 'environment' | 'default';
export interface Resolved {
  readonly value: string | null;
  readonly origin: Origin;
  /** What it is written as there, e.g. `--port`, `A_PORT`, `network/port (config.yml:2)`; '' for a default. */
  readonly from: string;
}
export type ResolvedSettings<T extends SettingsTable> = { readonly [K in keyof T]: Resolved };

/** A value of a config file, and where it stands: `/etc/config.yml:2`. */
export interface FileValue {
  readonly value: string;
  readonly place: string;
}

/** What a setting may be taken from. `options` are keyed by the option without its dashes, in camelCase. */
export interface Sources {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: ReadonlyMap<string, FileValue>;
}

export class SettingRefused extends Error {
  override name = 'SettingRefused';
}

/**
 * Gives each setting its value and where that came from. The order is that of both originals: an option goes before the
 * config file, that before the environment, that before the default. An empty environment variable counts as not set.
 * @throws SettingRefused naming the setting, the rule and the value
 */
export function resolveSettings<const T extends SettingsTable>(table: T, sources: Sources): ResolvedSettings<T> {
  const resolved = Object.entries(table).map(([key, setting]) => [key, resolveOne(key, setting, sources)] as const);
  return Object.fromEntries(resolved) as ResolvedSettings<T>;
}

/** A sentence for each former name that gave a value, and for each setting that does nothing any more. */
export function deprecations<const T extends SettingsTable>(table: T, values: ResolvedSettings<T>): string[] {
  return Object.entries<Setting>(table).flatMap(([key, { option, env, former, isDeprecated }]) => {
    const { from } = values[key] as Resolved;
    if (from === '') return [];
    if (isDeprecated) return `${from} is deprecated and will be removed in future releases.`;
    if (from === flagOf(former?.option)) {
      return `Parameter ${from} is deprecated and will be removed in future releases. Use ${flagOf(option)} instead.`;
    }
    if (!former?.env?.includes(from)) return [];
    return `Environment variable ${from} is deprecated and will be removed in future releases. Use ${env} instead`;
  });
}

function resolveOne(key: string, setting: Setting, sources: Sources): Resolved {
  const { origin, from, value } = given(key, setting, sources);
  if (setting.form === 'integer' && value !== null && !/^[-+]?\d+$/.test(value.trim())) {
    throw new SettingRefused(`${from} must be a whole number, received '${value}'`);
  }
  if (value === null || setting.choices === undefined) return { value, origin, from };
  const chosen = setting.isCaseless ? value.toLowerCase() : value;
  if (setting.choices.includes(chosen)) return { value: chosen, origin, from };
  throw new SettingRefused(`${from} must be one of ${setting.choices.join(', ')}, received '${value}'`);
}

function given(key: string, setting: Setting, { options, environment, file }: Sources): Resolved {
  const { option, former, env, form } = setting;
  const optionNames = [
    [key, flagOf(option)],
    [attributeOf(former?.option), flagOf(former?.option)],
  ] as const;
  for (const [name, from] of optionNames) {
    const value = options[name];
    if (value !== undefined) return { value, origin: 'option', from };
  }
  const written = setting.file === undefined ? undefined : file.get(setting.file);
  if (written) return { value: written.value, origin: 'file', from: `${setting.file} (${written.place})` };
  for (const from of [env ?? '', ...(former?.env ?? [])]) {
    const text = environment[from];
    if (text) return { value: fromEnvironment(text, form), origin: 'environment', from };
  }
  return { value: setting.default, origin: 'default', from: '' };
}

const TRUE = new Set(['y', 'yes', 't', 'true', 'on', '1']);
const FALSE = new Set(['n', 'no', 'f', 'false', 'off', '0']);

function fromEnvironment(text: string, form: SettingForm | undefined): string {
  if (form === 'list') return JSON.stringify(text.split(':'));
  if (form !== 'on-off') return text;
  const word = text.toLowerCase();
  return TRUE.has(word) ? 'ON' : FALSE.has(word) ? 'OFF' : text;
}

/** `--port` of `-p, --port <number>`. */
export const flagOf = (option: string | undefined): string => /--[\w-]+/.exec(option ?? '')?.[0] ?? '';

/** `zmqAddr` of `--zmq-addr <address>`: what commander calls it. */
const attributeOf = (option: string | undefined): string =>
  flagOf(option)
    .slice(2)
    .replace(/-[a-z]/g, (dashed) => dashed.slice(1).toUpperCase());

/** The words of a list. */
export const listOf = ({ value }: Resolved): string[] => (value === null ? [] : (JSON.parse(value) as string[]));

/** A whole number within limits. @throws SettingRefused */
export function integerOf(name: string, { value }: Resolved, limits: { min: number; max: number }): number {
  const number = value?.trim() ? Number(value) : Number.NaN;
  if (!Number.isInteger(number) || number < limits.min || number > limits.max) {
    throw new SettingRefused(`${name} must be a whole number from ${limits.min} to ${limits.max}, received '${value}'`);
  }
  return number;
}

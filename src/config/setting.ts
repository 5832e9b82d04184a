/**
 * One setting, declared once: its option, environment variable, key in a config file, default and sentence. `--help`,
 * `check-config` and the reference page are made from it.
 */
export interface Setting {
  /** One sentence for the person who sets it. */
  readonly says: string;
  /** As commander writes options: `--port <number>`. */
  readonly option?: string;
  readonly env?: string;
  /** Path in the config file, e.g. `network/zmq_control_addr`. */
  readonly file?: string;
  readonly default: string | null;
  readonly choices?: readonly string[];
  /** A secret is read from the environment alone, never printed, never written. */
  readonly secret?: true;
}
export type SettingsTable = Readonly<Record<string, Setting>>;

/** Where a value came from; what stands further left wins. */
export type Origin = 'option' | 'environment' | 'file' | 'default';
export interface Resolved {
  readonly value: string | null;
  readonly origin: Origin;
}
export type ResolvedSettings<T extends SettingsTable> = { readonly [K in keyof T]: Resolved };

/** What a setting may be taken from. `options` are keyed as the table is. */
export interface Sources {
  readonly options: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: ReadonlyMap<string, string>;
}

export class SettingRefused extends Error {
  override name = 'SettingRefused';
}

/**
 * Gives each setting its value and where that came from: an option goes before the environment, that before the config
 * file, that before the default. An empty environment variable counts as not set, as for the original.
 * @throws SettingRefused naming the setting, the rule and the value
 */
export function resolveSettings<const T extends SettingsTable>(table: T, sources: Sources): ResolvedSettings<T> {
  const resolved = Object.entries(table).map(([key, setting]) => [key, resolveOne(key, setting, sources)] as const);
  return Object.fromEntries(resolved) as ResolvedSettings<T>;
}

function resolveOne(key: string, setting: Setting, { options, environment, file }: Sources): Resolved {
  const fromEnvironment = setting.env === undefined ? undefined : environment[setting.env];
  const fromFile = setting.file === undefined ? undefined : file.get(setting.file);
  const candidates: [Origin, string | undefined][] = [
    ['option', options[key]],
    ['environment', fromEnvironment === '' ? undefined : fromEnvironment],
    ['file', fromFile],
  ];
  const given = candidates.find(([, candidate]) => candidate !== undefined);
  const [origin, value] = given ?? (['default', setting.default] as const);
  if (value !== null && value !== undefined && setting.choices && !setting.choices.includes(value)) {
    const name = { option: setting.option, environment: setting.env, file: setting.file, default: key }[origin];
    throw new SettingRefused(`${name} must be one of ${setting.choices.join(', ')}, received '${value}'`);
  }
  return { value: value ?? null, origin };
}

/** A whole number within limits. @throws SettingRefused */
export function integerOf(name: string, { value }: Resolved, limits: { min: number; max: number }): number {
  const number = value?.trim() ? Number(value) : Number.NaN;
  if (!Number.isInteger(number) || number < limits.min || number > limits.max) {
    throw new SettingRefused(`${name} must be a whole number from ${limits.min} to ${limits.max}, received '${value}'`);
  }
  return number;
}

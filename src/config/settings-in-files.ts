import { isPlainObject } from '../lib/plain-object.ts';
import { nearest } from '../lib/nearest.ts';
import { kindOf } from './config-files.ts';
import type { ConfigFiles } from './config-files.ts';
import { SettingRefused } from './setting.ts';
import type { FileValue, Setting, SettingsTable } from './setting.ts';

/**
 * The settings of a table that a configuration names, by their paths in it. `elsewhere` are sections that somebody else
 * reads and checks.
 * @throws SettingRefused for a section or key that is not known, with the nearest that is, and for a value of the wrong kind,
 *   each with its file and line; a secret is not shown
 */
export function settingsInFiles(
  files: ConfigFiles,
  table: SettingsTable,
  elsewhere: readonly string[] = [],
): ReadonlyMap<string, FileValue> {
  const known = new Map(Object.values(table).flatMap((setting) => (setting.file ? [[setting.file, setting]] : [])));
  const sections = new Set([...known.keys()].map((path) => path.split('/')[0] ?? ''));
  const values = new Map<string, FileValue>();
  for (const [section, content] of Object.entries(files.content)) {
    if (elsewhere.includes(section)) continue;
    if (!sections.has(section)) throw unknown(files, [section], [...sections, ...elsewhere]);
    for (const [key, value] of Object.entries(sectionOf(files, section, content))) {
      const setting = known.get(`${section}/${key}`);
      if (setting === undefined) throw unknown(files, [section, key], known.keys());
      const place = files.placeOf([section, key]);
      values.set(`${section}/${key}`, { value: textOf(setting, value, place), place });
    }
  }
  return values;
}

function sectionOf(files: ConfigFiles, section: string, content: unknown): Record<string, unknown> {
  if (isPlainObject(content)) return content;
  throw new SettingRefused(`${files.placeOf([section])}: '${section}' must hold keys, received ${kindOf(content)}`);
}

function unknown(files: ConfigFiles, path: readonly string[], names: Iterable<string>): SettingRefused {
  const written = path.join('/');
  const meant = nearest(written, names);
  const hint = meant === undefined ? '' : ` (Did you mean '${meant}'?)`;
  return new SettingRefused(
    `${files.placeOf(path)}: unknown ${path.length > 1 ? 'key' : 'section'} '${written}'${hint}`,
  );
}

/** In the form that options have, so that one rule for choices and limits holds for both. */
function textOf({ file, form = 'text', secret }: Setting, value: unknown, place: string): string {
  if (form === 'text' && typeof value === 'string') return value;
  if (form === 'on-off' && typeof value === 'boolean') return value ? 'ON' : 'OFF';
  if (form === 'integer' && Number.isInteger(value)) return String(value);
  if (form === 'list' && isListOfTexts(value)) return JSON.stringify(value);
  const received = secret ? kindOf(value) : (JSON.stringify(value) ?? 'nothing');
  throw new SettingRefused(`${place}: '${file}' must be ${RULES[form]}, received ${received}`);
}

const RULES = {
  text: 'a text',
  integer: 'a whole number',
  'on-off': 'true or false',
  list: 'a list of different texts',
} as const;

const isListOfTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') && new Set(value).size === value.length;

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar } from 'yaml';
import type { Document, LineCounter, Node } from 'yaml';
import { isPlainObject } from '../lib/plain-object.ts';
import { readPythonYaml } from '../lib/python-yaml.ts';
import { absolutePath } from './paths.ts';
import { SettingRefused } from './setting.ts';

/** One configuration, of one file or of all in a folder. */
export interface ConfigFiles {
  /** Its sections by name. Texts are expanded; nothing is checked. */
  readonly content: Readonly<Record<string, unknown>>;
  /** `/etc/beamgate/config.yml:12`: where what is at this path stands, or the nearest around it that is written. */
  placeOf(path: ConfigPath): string;
}
export type ConfigPath = readonly (string | number)[];

export interface ConfigReading {
  /** Where `$NAME` and `${NAME}` in texts come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sections that may stand in several files of a folder: lists, which are joined. Any other stands in one. */
  readonly joined?: readonly string[];
  /** How a section is called where it stands in two files: its name in quotes, unless said otherwise. */
  readonly nameOf?: (section: string) => string;
  /** Judges what one file holds, before anything is made of it; throws what it finds. */
  readonly check?: (content: unknown, path: string) => void;
}

interface ConfigFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly document: Document;
  readonly lines: LineCounter;
}

/**
 * Reads a configuration as both originals do: a YAML file, or a folder of them, of which hidden files, `*.py` and
 * `__pycache__` are passed over. Each section stands in one file. Variables are expanded in values, never in keys; one that
 * is not set stays as it is written.
 * @throws SettingRefused naming file, line and rule
 */
export function readConfigFiles(path: string, reading: ConfigReading): ConfigFiles {
  const { joined = [], nameOf = (section) => `'${section}'` } = reading;
  const files = filesAt(absolutePath(path)).map((file) => readFile(file, reading));
  const owners = new Map<string, ConfigFile>();
  const content: Record<string, unknown> = {};
  for (const file of files) {
    for (const [section, value] of Object.entries(file.content)) {
      const owner = owners.get(section);
      if (owner === undefined) content[section] = value;
      else
        content[section] = joinedLists(section, {
          owner,
          file,
          joined,
          before: content[section],
          value,
          name: nameOf(section),
        });
      owners.set(section, owner ?? file);
    }
  }
  return {
    content,
    placeOf: (at) => placeIn(owners.get(String(at[0])), at) ?? absolutePath(path),
  };
}

function filesAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new SettingRefused(`The config path '${path}' doesn't exist.`);
  if (!found.isDirectory()) return [path];
  const names = readdirSync(path).filter(
    (name) => !name.startsWith('.') && !name.endsWith('.py') && name !== '__pycache__',
  );
  return names.sort((one, other) => (one < other ? -1 : 1)).map((name) => join(path, name));
}

function readFile(path: string, { environment, check }: ConfigReading): ConfigFile {
  const { document, lines, faults } = readPythonYaml(textOf(path), { uniqueKeys: true });
  const [fault] = faults;
  if (fault) {
    const { line } = lines.linePos(fault.pos[0]);
    throw new SettingRefused(`${path}:${line}: ${(fault.message.split(' at line ')[0] ?? '').trim()}`, {
      cause: fault,
    });
  }
  const content = expanded(valueOf(document, path), environment);
  check?.(content, path);
  if (!isPlainObject(content)) {
    throw new SettingRefused(`${path}: a config file must hold sections by name, received ${kindOf(content)}`);
  }
  return { path, content, document, lines };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SettingRefused(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // An alias to nothing, or aliases that multiply beyond measure.
    throw new SettingRefused(`${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Python's `os.path.expandvars`, which both originals apply to every text. */
function expanded(value: unknown, environment: ConfigReading['environment']): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (written, bare?: string, braced?: string) => {
      return environment[bare ?? braced ?? ''] ?? written;
    });
  }
  if (Array.isArray(value)) return value.map((each) => expanded(each, environment));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expanded(each, environment)]));
}

interface Twice {
  readonly owner: ConfigFile;
  readonly file: ConfigFile;
  readonly joined: readonly string[];
  readonly before: unknown;
  readonly value: unknown;
  readonly name: string;
}

function joinedLists(section: string, { owner, file, joined, before, value, name }: Twice): unknown {
  if (joined.includes(section) && Array.isArray(before) && Array.isArray(value)) {
    return [...(before as unknown[]), ...(value as unknown[])];
  }
  throw new SettingRefused(
    `${name} can only be specified in one file. It was found in both ${owner.path} and ${file.path}`,
  );
}

function placeIn(file: ConfigFile | undefined, path: ConfigPath): string | undefined {
  if (file === undefined) return undefined;
  for (let length = path.length; length > 0; length--) {
    const node = keyOrElement(file.document, path.slice(0, length));
    if (node?.range) return `${file.path}:${file.lines.linePos(node.range[0]).line}`;
  }
  return file.path;
}

/** The key, not what it stands for: that may begin on a later line. */
function keyOrElement(document: Document, path: ConfigPath): Node | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    return isNode(pair?.key) ? pair.key : undefined;
  }
  const element = document.getIn(path, true);
  return isNode(element) ? element : undefined;
}

/** What a value is, for a message that must not show it. */
export const kindOf = (value: unknown): string =>
  value === null || value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;

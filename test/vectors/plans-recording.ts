import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A plan that bluesky ran on the devices of `ophyd.sim`; uids, groups and times are replaced. */
export interface PlanRecording {
  name: string;
  messages: RecordedMessage[];
  documents: [string, Record<string, unknown>][];
  states: [string, string][];
  outcome: Record<string, unknown>[];
}
export interface RecordedMessage {
  command: string;
  obj: { $dev: string } | null;
  args: unknown[];
  kwargs: Record<string, unknown>;
  run: unknown;
}

const folder = join(process.env['BEAMGATE_VECTORS'] ?? '../shared/vectors', 'plans');

/** @throws when there are none: a replay of nothing must not pass */
export function planRecordings(): PlanRecording[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && !file.startsWith('_'));
  if (files.length === 0) throw new Error(`${folder} holds no recordings`);
  return files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as PlanRecording);
}

/** A uid, a group name made of one (`set-3fa8b1`), or what the recording has in its place (`uid#4`, `set#2`). */
const NAME =
  /^(?:(uid)#\d+|([a-z-]+)#\d+|([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|([a-z]+(?:-[a-z]+)*)-[0-9a-f]{6})(\/\d+)?$/;

/**
 * Values with made-up names numbered in the order in which they appear, numbers cut to twelve decimals, and without what
 * depends on the clock. `integer` and `number` count as one: ophyd goes by the value that a signal happens to have.
 */
export function comparable<T>(values: readonly T[]): unknown {
  const numbers = new Map<string, string>();
  const renamed = (text: string): string => {
    const found = NAME.exec(text);
    if (!found) return text;
    const [, uid, label, longUid, shortLabel, index = ''] = found;
    const kind = uid ?? label ?? (longUid ? 'uid' : shortLabel);
    const name = index === '' ? text : text.slice(0, -index.length);
    if (!numbers.has(name)) numbers.set(name, `${kind} ${numbers.size + 1}`);
    return `${numbers.get(name)}${index}`;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (key === 'time' || key === 'timestamps' || key === 'path_semantics') return 'not compared';
    if (key === 'plan_type') return 'not compared'; // a list of messages is a list_iterator in Python
    if (key === 'root' || key === 'resource_path') return 'a place of its own';
    if (key === 'dtype') return value === 'integer' ? 'number' : value;
    if (typeof value === 'string') return renamed(value);
    if (typeof value === 'number') return Math.round(value * 1e12) / 1e12 + 0;
    if (typeof value === 'function') return 'a function';
    // bluesky takes the motors of a trajectory from a set
    if (key === 'motors' || key === 'dimensions') return sorted(value as unknown[]).map((one) => walk(one, ''));
    if (Array.isArray(value)) return value.map((one) => walk(one, ''));
    if (typeof value !== 'object' || value === null) return value ?? null;
    if ('$fn' in value) return 'a function';
    // In the order of their keys: which uid comes first must not depend on how a document is put together.
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((name) => [name, walk((value as Record<string, unknown>)[name], name)]));
  };
  return values.map((value) => walk(value, ''));
}

const sorted = (values: readonly unknown[]): unknown[] =>
  values.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

/** Devices that are staged, unstaged or set together have no order of their own: Python takes them from sets. */
export function withoutOrderOfSets(messages: readonly RecordedMessage[]): RecordedMessage[] {
  const ordered: RecordedMessage[] = [];
  let together: RecordedMessage[] = [];
  const flush = (): void => {
    ordered.push(...together.toSorted((a, b) => (a.obj?.$dev ?? '').localeCompare(b.obj?.$dev ?? '')));
    together = [];
  };
  for (const message of messages) {
    const [first] = together;
    const isSame = first?.command === message.command && first.kwargs['group'] === message.kwargs['group'];
    if (!isSame) flush();
    if (['stage', 'unstage', 'set'].includes(message.command)) together.push(message);
    else ordered.push(message);
  }
  flush();
  return ordered;
}

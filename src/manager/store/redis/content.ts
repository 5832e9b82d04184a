import { pythonJson } from '../../../lib/python-text/dumps.ts';
import { members } from '../../../lib/raw-json.ts';
import { mapInSlices } from '../../../lib/slices.ts';
import type { ItemText, StoredState, ValueName } from '../store.ts';
import { ORIGINAL_VALUES } from './redis-keys.ts';
import type { RedisKeys } from './redis-keys.ts';
import { keptText, NOTHING_RUNS } from './steps.ts';

/** All that the script `look` tells. Absent texts are ''. */
export interface Content {
  readonly fence: string;
  readonly written: string;
  /** Of the last write of the holder; the other one is of what there is. */
  readonly writtenMarker: string;
  readonly marker: string;
  readonly lease: string;
  readonly cursor: string;
  readonly event: string;
  readonly running: string;
  readonly values: readonly string[];
  readonly queue: readonly string[];
  readonly history: readonly string[];
}

export function contentOf(reply: unknown[]): Content {
  const [state, marker, lease, [running, ...values], queue, history] = reply as [
    string[],
    string,
    string,
    string[],
    string[],
    string[],
  ];
  const [fence = '', written = '', writtenMarker = '', cursor = '', event = ''] = state;
  return {
    fence,
    written,
    writtenMarker,
    marker,
    lease,
    cursor,
    event,
    running: running === NOTHING_RUNS ? '' : (running ?? ''),
    values,
    queue,
    history,
  };
}

export interface Kept {
  readonly state: StoredState;
  /** Something stood there that has no UID, or not in the original's form: it is written anew before it can be found. */
  readonly mustRewrite: boolean;
}

/** @throws Error naming the key whose content cannot be read */
export async function keptState(content: Content, keys: RedisKeys, isAsLeft: boolean): Promise<Kept> {
  const queue = await itemsOf(content.queue, keys.queue);
  const history = await itemsOf(content.history, keys.history);
  const [running = null] = content.running === '' ? [] : await itemsOf([content.running], keys.running);
  const uids = new Set<string>();
  for (const item of queue) {
    if (item && uids.has(item.uid)) throw new Error(`'${keys.queue}' has two items with the UID '${item.uid}'`);
    if (item) uids.add(item.uid);
  }
  const values: Partial<Record<ValueName, string>> = {};
  ORIGINAL_VALUES.forEach((name, n) => {
    const text = content.values[n] ?? '';
    if (text !== '') values[name] = text;
  });
  if (content.cursor !== '') values.cursor = content.cursor;
  const state = { queue: queue.filter(isItem), running, history: history.filter(isItem), values };
  const isOriginalForm = isAsLeft || !(await mapInSlices(state.queue, isKeptForm)).includes(false);
  return {
    state,
    mustRewrite: !isOriginalForm || queue.includes(null) || (running === null && content.running !== ''),
  };
}

const isItem = (item: ItemText | null): item is ItemText => item !== null;
const isKeptForm = (item: ItemText): boolean => pythonJson(item.text) === item.text;

/** Null for what has no UID: the original clears it away, too. */
function itemsOf(texts: readonly string[], key: string): Promise<(ItemText | null)[]> {
  return mapInSlices(texts, (text) => {
    try {
      const uid = members(text).get('item_uid');
      return uid?.startsWith('"') === true ? { uid: JSON.parse(uid) as string, text } : null;
    } catch (cause) {
      throw new Error(`'${key}' holds what is no item: ${text.slice(0, 80)}`, { cause });
    }
  });
}

/** What the script `restore` gets after its own arguments: everything, in the original's form. */
export async function restoreTexts({ queue, history, running, values }: StoredState): Promise<string[]> {
  const singles = [running ? keptText(running) : NOTHING_RUNS, ...ORIGINAL_VALUES.map((name) => values[name] ?? '')];
  const cursor = values.cursor === undefined ? [] : [values.cursor];
  const lists = [await mapInSlices(queue, keptText), await mapInSlices(history, keptText), singles, cursor];
  return lists.flatMap((texts) => [String(texts.length), ...texts]);
}

export interface Differences {
  readonly gone: readonly string[];
  readonly changed: readonly string[];
}

/** The keys that do not hold what the holder's memory has: those that hold nothing, and those that hold something else. */
export async function differences(content: Content, memory: StoredState, keys: RedisKeys): Promise<Differences> {
  const gone: string[] = [];
  const changed: string[] = [];
  const compare = (key: string, found: string, expected: string): void => {
    if (found === expected) return;
    (found === '' ? gone : changed).push(key);
  };
  const listText = async (items: readonly ItemText[]): Promise<string> =>
    (await mapInSlices(items, keptText)).join('\n');
  compare(keys.queue, content.queue.join('\n'), await listText(memory.queue));
  compare(keys.history, content.history.join('\n'), await listText(memory.history));
  compare(keys.running, content.running, memory.running ? keptText(memory.running) : '');
  ORIGINAL_VALUES.forEach((name, n) => compare(keys.values[name], content.values[n] ?? '', memory.values[name] ?? ''));
  return { gone, changed };
}

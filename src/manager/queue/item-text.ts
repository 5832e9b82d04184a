import { members, objectText, parsePlain } from '../../lib/raw-json.ts';
import type { ItemResult } from '../../protocol/item.ts';
import type { ItemText } from '../store/store.ts';

/** What an item may hold; the rest (a `result` that a client copied from the history, say) is left out, as by the original. */
const KEPT = new Set(['item_uid', 'item_type', 'name', 'args', 'kwargs', 'meta', 'user', 'user_group', 'properties']);

/** The item as the queue keeps it: known members alone, and its UID among them. */
export function asKept(item: ItemText): ItemText {
  const parts = members(item.text);
  const unknown = [...parts.keys()].filter((name) => !KEPT.has(name));
  if (unknown.length === 0 && parts.get('item_uid') === JSON.stringify(item.uid)) return item;
  for (const name of unknown) parts.delete(name);
  parts.set('item_uid', JSON.stringify(item.uid));
  return { uid: item.uid, text: objectText(parts) };
}

/** A copy under a new UID, at the same place among its members. */
export function renewed(item: ItemText): ItemText {
  const uid = crypto.randomUUID();
  return { uid, text: objectText(members(item.text).set('item_uid', JSON.stringify(uid))) };
}

/** The item as it runs: since when, and whether it stood in the queue, as status and `queue_get` show it. */
export function started(item: ItemText, at: number, isImmediate: boolean): ItemText {
  return withProperties(item, (properties) => {
    if (isImmediate) properties.set('immediate_execution', 'true');
    properties.set('time_start', floatText(at));
  });
}

/** Without what `started` put in. */
export function cleaned(item: ItemText): ItemText {
  if (!members(item.text).has('properties')) return item;
  return withProperties(item, (properties) => {
    properties.delete('immediate_execution');
    properties.delete('time_start');
  });
}

export const isImmediate = (item: ItemText): boolean =>
  propertiesOf(members(item.text)).get('immediate_execution') === 'true';

/** Of a running item: when it was taken, in seconds since 1970. */
export function startedAt(item: ItemText): number | null {
  const text = propertiesOf(members(item.text)).get('time_start');
  return text === undefined ? null : Number(text);
}

/** 'plan', 'instruction', …; null when the item does not say. */
export function itemType(item: ItemText): unknown {
  const text = members(item.text).get('item_type');
  return text === undefined ? null : parsePlain(text);
}

/** The item as it stands in the history. A result that it already had is written over, member by member. */
export function withResult(item: ItemText, result: ItemResult): ItemText {
  const parts = members(item.text);
  const before = parts.get('result') ?? '{}';
  const all = before.startsWith('{') ? members(before) : new Map<string, string>();
  all.set('exit_status', JSON.stringify(result.exit_status));
  all.set('run_uids', JSON.stringify(result.run_uids));
  all.set('scan_ids', JSON.stringify(result.scan_ids));
  all.set('time_start', floatText(result.time_start));
  all.set('time_stop', floatText(result.time_stop));
  all.set('msg', JSON.stringify(result.msg));
  all.set('traceback', JSON.stringify(result.traceback));
  return { uid: item.uid, text: objectText(parts.set('result', objectText(all))) };
}

function withProperties(item: ItemText, edit: (properties: Map<string, string>) => void): ItemText {
  const parts = members(item.text);
  const properties = propertiesOf(parts);
  edit(properties);
  if (properties.size > 0) parts.set('properties', objectText(properties));
  else parts.delete('properties');
  return { uid: item.uid, text: objectText(parts) };
}

function propertiesOf(parts: Map<string, string>): Map<string, string> {
  const text = parts.get('properties') ?? '';
  return text.startsWith('{') ? members(text) : new Map();
}

/** A time is a float in Python, on a full second too. */
const floatText = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

import { arrayText, elements, members, objectText, withoutNumberWords } from '../lib/raw-json.ts';
import type { Method } from '../protocol/methods/define-method.ts';

/** The members of replies that hold items. */
const ITEM_FIELDS = ['item', 'items', 'running_item'] as const;

/**
 * What HTTP clients get of a reply of the manager. Two things differ from the 0MQ reply: `NaN` and `Infinity`, which JSON
 * has no word for, are `null`; and every item has `args` and `kwargs`, without which Phoebus ends in an exception.
 */
export function preparedReply(method: Method, reply: string): Buffer {
  const fields = ITEM_FIELDS.filter((field) => Object.hasOwn(method.result.properties, field));
  const text = withoutNumberWords(reply);
  return Buffer.from(fields.length === 0 ? text : withArguments(text, fields));
}

function withArguments(reply: string, fields: readonly string[]): string {
  const parts = members(reply);
  for (const field of fields) {
    const text = parts.get(field);
    if (text?.startsWith('[')) parts.set(field, arrayText(elements(text).map(filled)));
    else if (text !== undefined) parts.set(field, filled(text));
  }
  return objectText(parts);
}

/** An item with what it lacks at its end. `{}`, `null` and whatever else is no item stay as they are. */
function filled(item: string): string {
  if (!item.startsWith('{')) return item;
  const has = members(item);
  if (has.size === 0) return item;
  const args = has.has('args') ? '' : ',"args":[]';
  const kwargs = has.has('kwargs') ? '' : ',"kwargs":{}';
  return args + kwargs === '' ? item : `${item.slice(0, -1)}${args}${kwargs}}`;
}

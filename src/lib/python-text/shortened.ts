import { isDict } from './py-value.ts';
import type { PyJson, PyValue } from './py-value.ts';
import { pformat } from './pprint.ts';

const MOST_ITEMS = 10;
const MOST_KEYS = 30;
const MOST_CHARACTERS = 1024;
/** Dictionaries of descriptions: their keys tell enough. */
const LARGE = new Set(['plans_allowed', 'plans_existing', 'devices_allowed', 'devices_existing']);

/** The value in the form of messages and logs: pretty-printed, with long lists, dictionaries and texts cut short. */
export const printed = (value: PyJson): string => pformat(shortened(value));

function shortened(value: PyValue, key?: string): PyValue {
  // The original asks whether the key is *in* the word: a text under `a` or `back` is kept whole, too.
  if (typeof value === 'string') return key !== undefined && 'traceback'.includes(key) ? value : shortText(value);
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST_ITEMS).map((item) => shortened(item));
    return value.length > MOST_ITEMS ? [...kept, '...'] : kept;
  }
  if (!isDict(value)) return value;
  if (key !== undefined && LARGE.has(key)) return Object.fromEntries(Object.keys(value).map((name) => [name, '{...}']));
  const members = Object.entries(value);
  const kept = members.slice(0, MOST_KEYS).map(([name, member]) => [name, shortened(member, name)] as const);
  return Object.fromEntries(members.length > MOST_KEYS ? [...kept, ['...', '...']] : kept);
}

function shortText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const characters = Array.from(text);
  if (characters.length <= MOST_CHARACTERS) return text;
  const half = MOST_CHARACTERS / 2;
  return `${characters.slice(0, half).join('')} ...\n... ${characters.slice(-half).join('')}`;
}

import { members, objectText } from '../../lib/raw-json.ts';
import type { ItemText } from '../queue/queue-interface.ts';

const MEMBERS = ['name', 'args', 'kwargs', 'user', 'user_group', 'item_uid'];
const DEFAULTS: Readonly<Record<string, string>> = { args: '[]', kwargs: '{}' };

/** A function item as the worker gets it and the client gets it back: these members, in this order, and no other. */
export function functionText({ text }: ItemText): string {
  const given = members(text);
  return objectText(MEMBERS.map((name) => [name, given.get(name) ?? DEFAULTS[name] ?? 'null'] as const));
}

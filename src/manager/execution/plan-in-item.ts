import { parseView } from '../../lib/raw-json.ts';
import type { Permissions } from '../permissions/permissions.ts';
import type { PyDict } from '../../lib/python-text/py-value.ts';
import { str } from '../../lib/python-text/repr.ts';
import { printed } from '../../lib/python-text/shortened.ts';
import type { ItemText } from '../queue/queue-interface.ts';

const MEMBERS = ['name', 'args', 'kwargs', 'user', 'user_group', 'meta', 'item_uid'] as const;
const DEFAULTS: PyDict = { args: [], kwargs: {}, meta: {} };

/** The plan that an item names, with these members and no others: so logs and refusals show it. */
export function planIn({ text }: ItemText): PyDict {
  const item = parseView(text) as PyDict; // The queue keeps JSON objects.
  return Object.fromEntries(MEMBERS.map((name) => [name, item[name] ?? DEFAULTS[name] ?? null]));
}

/** Why the plan may not run (any more) for the group that submitted it; null when it may. */
export function whyNotAllowed(plan: PyDict, permissions: Permissions): string | null {
  const verdict = permissions.validateItem({ ...plan, item_type: 'plan' }, str(plan['user_group'] ?? null));
  if (verdict.ok) return null;
  // The sentence ends with the plan that was judged; shown is the one that was to run.
  const sentence = verdict.msg.slice(0, verdict.msg.lastIndexOf('\nPlan: ') + 1);
  return `${sentence}Plan: ${printed(plan)}`;
}

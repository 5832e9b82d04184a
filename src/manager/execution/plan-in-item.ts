import { parseView } from '../../lib/raw-json.ts';
import type { PyDict } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { printed } from '../../lib/python-text/shortened.ts';
import type { ItemText } from '../queue/queue-interface.ts';
import type { Resources } from '../resources/resources.ts';
import { forbiddenDevice } from './forbidden-device.ts';

const MEMBERS = ['name', 'args', 'kwargs', 'user', 'user_group', 'meta', 'item_uid'] as const;
const DEFAULTS: PyDict = { args: [], kwargs: {}, meta: {} };

/** The plan that an item names, with these members and no others: so logs and refusals show it. */
export function planIn({ text }: ItemText): PyDict {
  const item = parseView(text) as PyDict; // The queue keeps JSON objects.
  return Object.fromEntries(MEMBERS.map((name) => [name, item[name] ?? DEFAULTS[name] ?? null]));
}

/** Why the plan may not run (any more) for the group that submitted it; null when it may. */
export function whyNotAllowed(plan: PyDict, resources: Pick<Resources, 'permissions' | 'existing'>): string | null {
  const { permissions, existing } = resources;
  const group = str(plan['user_group'] ?? null);
  const verdict = permissions.validateItem({ ...plan, item_type: 'plan' }, group);
  if (!verdict.ok) {
    // The sentence ends with the plan that was judged; shown is the one that was to run.
    const sentence = verdict.msg.slice(0, verdict.msg.lastIndexOf('\nPlan: ') + 1);
    return `${sentence}Plan: ${printed(plan)}`;
  }
  const allowed = permissions.allowed(group);
  const description = allowed?.plans[str(plan['name'] ?? null)];
  if (!allowed || !description) return null; // The verdict would have said so.
  const devices = { existing: existing.devices, allowed: allowed.devices };
  const device = forbiddenDevice(description, verdict.bound, devices);
  return device && `Device ${repr(device)} is not allowed for users from ${repr(group)} group.\nPlan: ${printed(plan)}`;
}

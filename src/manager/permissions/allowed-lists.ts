import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import { narrowed } from './annotation-lists.ts';
import { allowedDevices } from './device-tree.ts';
import { isNameAllowed } from './item-names.ts';
import type { GroupPermissions, UserGroupPermissions } from './user-groups.ts';

/** What one group may use, with the lists in annotations narrowed to it. */
export interface AllowedLists {
  readonly plans: PlanDescriptions;
  readonly devices: DeviceDescriptions;
}

/** The lists of all groups, and what could not be read of the permissions: one sentence a group. */
export interface ListsOfGroups {
  readonly lists: ReadonlyMap<string, AllowedLists>;
  readonly problems: readonly string[];
}

const NOTHING: AllowedLists = { plans: {}, devices: {} };

/**
 * What each group may use of what exists. `root` is not a person: what its entry excludes is excluded for all, and the
 * other groups choose from the rest. A group whose lists cannot be read may use nothing, and if it is `root`, nobody
 * may; the others are not touched. (The original stops at such a list and lets `root` use everything.)
 */
export function allowedLists(
  existingPlans: PlanDescriptions,
  existingDevices: DeviceDescriptions,
  { user_groups: groups }: UserGroupPermissions,
): ListsOfGroups {
  const problems: string[] = [];
  const select = (group: string, from: AllowedLists): AllowedLists => {
    try {
      return selected(from, groups[group] ?? {});
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      problems.push(`User group '${group}': ${error.message}`);
      return NOTHING;
    }
  };
  const everything = { plans: existingPlans, devices: existingDevices };
  const forAll = Object.hasOwn(groups, 'root') ? select('root', everything) : everything;
  const lists = Object.keys(groups).map((group): [string, AllowedLists] => {
    const { plans, devices } = group === 'root' ? forAll : select(group, forAll);
    const offered = Object.entries(plans).map(([name, plan]) => [name, narrowed(plan, plans, devices)] as const);
    return [group, { plans: Object.fromEntries(offered), devices }];
  });
  return { lists: new Map(lists), problems };
}

function selected({ plans, devices }: AllowedLists, group: GroupPermissions): AllowedLists {
  const { allowed_plans: allowed = [], forbidden_plans: forbidden = [] } = group;
  const chosen = Object.entries(plans).filter(([name]) => isNameAllowed(name, allowed, forbidden));
  return {
    devices: allowedDevices(devices, group.allowed_devices ?? [], group.forbidden_devices ?? []),
    plans: Object.fromEntries(chosen),
  };
}

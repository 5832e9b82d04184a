import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import { decisionsOnDevices } from './device-tree.ts';
import { decisionOnName } from './item-names.ts';
import type { Decision } from './item-names.ts';
import type { GroupPermissions, UserGroupPermissions } from './user-groups.ts';

/** Whether a group may use something, and which entry of which list of which group decided. */
export interface PreviewEntry {
  readonly allowed: boolean;
  readonly decided_by: {
    readonly user_group: string;
    readonly list: string;
    /** null: the list begins with null (all, or none), or no entry of it means the name. */
    readonly entry: string | null;
  };
}

export interface Preview {
  readonly plans: Readonly<Record<string, PreviewEntry>>;
  /** Parts of devices, too, by their full names: `det.sub.value`. */
  readonly devices: Readonly<Record<string, PreviewEntry>>;
}

interface Existing {
  readonly plans: PlanDescriptions;
  readonly devices: DeviceDescriptions;
}

/**
 * What one group sees of what exists, and why. What `root` forbids is forbidden to all; of the rest the group decides.
 * @throws CodedError REFUSED for an entry that cannot be read
 */
export function previewFor(group: string, existing: Existing, { user_groups: groups }: UserGroupPermissions): Preview {
  // The file has an entry for root, and one for the group: both were checked.
  const judges = group === 'root' ? ['root'] : ['root', group];
  const [plans, devices] = [new Map<string, PreviewEntry>(), new Map<string, PreviewEntry>()];
  for (const judge of judges) {
    const own = groups[judge] ?? {};
    note(plans, decisionsOnPlans(existing.plans, own), { judge, what: 'plans' });
    const { allowed_devices: allowed = [], forbidden_devices: forbidden = [] } = own;
    note(devices, decisionsOnDevices(existing.devices, allowed, forbidden), { judge, what: 'devices' });
  }
  return { plans: Object.fromEntries(plans), devices: Object.fromEntries(devices) };
}

function decisionsOnPlans(plans: PlanDescriptions, own: GroupPermissions): ReadonlyMap<string, Decision> {
  const { allowed_plans: allowed = [], forbidden_plans: forbidden = [] } = own;
  return new Map(Object.keys(plans).map((name) => [name, decisionOnName(name, allowed, forbidden)]));
}

/** What is forbidden stays so, whatever the next one says. */
function note(
  into: Map<string, PreviewEntry>,
  decisions: ReadonlyMap<string, Decision>,
  { judge, what }: { judge: string; what: 'plans' | 'devices' },
): void {
  for (const [name, { isAllowed, list, entry }] of decisions) {
    if (into.get(name)?.allowed === false) continue;
    into.set(name, { allowed: isAllowed, decided_by: { user_group: judge, list: `${list}_${what}`, entry } });
  }
}

import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import type { PyDict } from '../python-text/py-value.ts';
import type { Verdict } from '../plan-validation/verdict.ts';
import type { UserGroupPermissions } from './user-groups.ts';

/** What one group may use, with the lists in annotations narrowed to it. */
export interface AllowedLists {
  readonly plans: PlanDescriptions;
  readonly devices: DeviceDescriptions;
}

/**
 * What each user group may use: plans, devices and functions, and whether an item of theirs is acceptable.
 *
 * One instance is one permission file. It is immutable but for the lists of what exists, which `update` replaces when
 * an environment opens or permissions are reloaded; all that follows from them is computed there, once.
 */
export class Permissions {
  /** @throws PermissionsError with the original's text, `Error while loading user group permissions from file ...` */
  static fromFile(path: string): Permissions {
    throw new Error(path);
  }

  /** From the text of a YAML file. @throws PermissionsError */
  static fromText(text: string): Permissions {
    throw new Error(text);
  }

  /** From what `permissions_set` sends or a store kept. @throws PermissionsError, with the original's text */
  static fromJson(value: unknown): Permissions {
    throw new Error(String(value));
  }

  /** The groups that permissions are defined for, in the order of the file; `root` is always one of them. */
  get groups(): readonly string[] {
    return [];
  }

  /** Everything that follows from what exists is computed anew. Answers whether a group's lists differ from before. */
  update(existingPlans: PlanDescriptions, existingDevices: DeviceDescriptions): { plans: boolean; devices: boolean } {
    void [existingPlans, existingDevices];
    return { plans: false, devices: false };
  }

  /** The lists of one group; `undefined` for a group that is not in the file (`Unknown user group: '...'`). */
  allowed(group: string): AllowedLists | undefined {
    void group;
    return undefined;
  }

  /** @throws PermissionsError for a group that is not in the file */
  isFunctionAllowed(group: string, name: string): boolean {
    void [group, name];
    return false;
  }

  /**
   * Judges an item of any type (`item.item_type`: plan, instruction or function) for a group, from a parsed view of it.
   * `msg` is what the original's `queue_item_add` says after `Failed to add an item: `.
   */
  validateItem(item: PyDict, group: string): Verdict {
    void [item, group];
    return { ok: true, bound: new Map() };
  }

  /** The dictionary as `permissions_get` returns it. */
  toJson(): UserGroupPermissions {
    return { user_groups: {} };
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { DeviceDescriptions, PlanDescriptions } from '../../protocol/descriptions.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import { PlanValidator } from '../plan-validation/plan-validator.ts';
import type { Verdict } from '../plan-validation/verdict.ts';
import { getItem, isDict, typeName } from '../../lib/python-text/py-value.ts';
import type { PyDict } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { allowedLists } from './allowed-lists.ts';
import type { AllowedLists, ListsOfGroups } from './allowed-lists.ts';
import { isFunctionAllowed } from './functions.ts';
import { permissionsFromJson, permissionsFromYaml, readPermissionFile } from './permission-file.ts';
import { previewFor } from './preview.ts';
import type { Preview } from './preview.ts';
import type { UserGroupPermissions } from './user-groups.ts';

/**
 * What each user group may use: plans, devices and functions, and whether an item of theirs is acceptable.
 *
 * One instance is one set of permissions. It is immutable but for the lists of what exists, which `update` replaces when
 * an environment opens or lists are reloaded; all that follows from them is computed there, once.
 */
export class Permissions {
  readonly #permissions: UserGroupPermissions;
  #lists: ListsOfGroups;
  #validators = new Map<string, PlanValidator>();

  private constructor(permissions: UserGroupPermissions) {
    this.#permissions = permissions;
    this.#lists = allowedLists({}, {}, permissions);
  }

  /** @throws CodedError REFUSED, with the original's text: `Error while loading user group permissions from file ...` */
  static fromFile(path: string): Permissions {
    return new Permissions(readPermissionFile(path));
  }

  /** From the text of a YAML file. @throws CodedError REFUSED */
  static fromText(text: string): Permissions {
    return new Permissions(permissionsFromYaml(text));
  }

  /** From what `permissions_set` sends or a store kept. @throws CodedError REFUSED, with the original's text */
  static fromJson(value: unknown): Permissions {
    // Whatever JSON can say is a value of Python; the check of its form follows.
    return new Permissions(permissionsFromJson(value as PyDict));
  }

  /** The groups that permissions are defined for, in the order given; `root` is always one of them. */
  get groups(): readonly string[] {
    return Object.keys(this.#permissions.user_groups);
  }

  /** A sentence for each group whose lists could not be read; it may use nothing. For the log. */
  get problems(): readonly string[] {
    return this.#lists.problems;
  }

  /** Computes all that follows from what exists. Answers which of the groups' lists differ from before. */
  update(existingPlans: PlanDescriptions, existingDevices: DeviceDescriptions): { plans: boolean; devices: boolean } {
    const before = this.#lists.lists;
    this.#lists = allowedLists(existingPlans, existingDevices, this.#permissions);
    this.#validators = new Map();
    const now = Array.from(this.#lists.lists);
    return {
      plans: now.some(([group, { plans }]) => !isDeepStrictEqual(plans, before.get(group)?.plans)),
      devices: now.some(([group, { devices }]) => !isDeepStrictEqual(devices, before.get(group)?.devices)),
    };
  }

  /** The lists of one group; `undefined` for a group that permissions are not defined for. */
  allowed(group: string): AllowedLists | undefined {
    return this.#lists.lists.get(group);
  }

  /** @throws CodedError REFUSED for a group that is not known, or whose list cannot be read */
  isFunctionAllowed(group: string, name: string): boolean {
    return isFunctionAllowed(name, group, this.#permissions);
  }

  /**
   * Judges an item of any type for a group, from a parsed view of it. `msg` is what the original's `queue_item_add` says
   * behind `Failed to add an item: `.
   */
  validateItem(item: PyDict, group: string): Verdict {
    if (!this.#lists.lists.has(group)) return refusal(`Unknown user group: '${group}'`);
    const type = getItem(item, 'item_type');
    if (type === 'plan') return this.#validatorOf(group).validate(item);
    if (type === 'function') return this.#validateFunction(item, group);
    if (type !== 'instruction') return refusal(`Invalid item: ${repr(item)}`);
    return getItem(item, 'name') === 'queue_stop' ? ACCEPTED : refusal(`Unrecognized instruction: ${repr(item)}`);
  }

  /**
   * What a group sees of what exists, and which entry decided; `undefined` for a group that permissions are not defined for.
   * @throws CodedError REFUSED for an entry that cannot be read
   */
  preview(group: string, existing: { plans: PlanDescriptions; devices: DeviceDescriptions }): Preview | undefined {
    return Object.hasOwn(this.#permissions.user_groups, group)
      ? previewFor(group, existing, this.#permissions)
      : undefined;
  }

  /** The dictionary as `permissions_get` returns it. */
  toJson(): UserGroupPermissions {
    return this.#permissions;
  }

  #validatorOf(group: string): PlanValidator {
    let validator = this.#validators.get(group);
    if (!validator) {
      validator = new PlanValidator(this.#lists.lists.get(group) ?? { plans: {}, devices: {} });
      this.#validators.set(group, validator);
    }
    return validator;
  }

  #validateFunction(item: PyDict, group: string): Verdict {
    const { args, kwargs } = item;
    const name = getItem(item, 'name');
    if (name === undefined) return refusal(`Function name is not specified: ${str(item)}`);
    if (args !== undefined && !Array.isArray(args)) {
      return refusal(`Parameter 'args' is not a tuple or a list: <class '${typeName(args)}'>`);
    }
    if (kwargs !== undefined && !isDict(kwargs)) {
      return refusal(`Parameter 'kwargs' is not a dictionary: <class '${typeName(kwargs)}'>`);
    }
    try {
      if (isFunctionAllowed(name, group, this.#permissions)) return ACCEPTED;
    } catch (error) {
      if (error instanceof CodedError) return refusal(error.message);
      throw error;
    }
    return refusal(`Function ${repr(name)} is not allowed for users from ${repr(group)} group.`);
  }
}

const ACCEPTED: Verdict = { ok: true, bound: new Map() };
const refusal = (msg: string): Verdict => ({ ok: false, stage: 'item', msg });

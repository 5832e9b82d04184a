import { isDeepStrictEqual } from 'node:util';
import type { ManagerSettings } from '../../config/process-settings.ts';
import { coded } from '../../protocol/error-codes.ts';
import type { ExistingLists } from '../existing-lists/existing-lists.ts';
import type { Log } from '../log.ts';
import { DEFAULT_PERMISSIONS } from '../permissions/default-permissions.ts';
import { Permissions } from '../permissions/permissions.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { GroupTexts } from './group-texts.ts';
import { loadExistingLists } from './lists-on-disk.ts';

export interface ResourceParts {
  readonly settings: Pick<
    ManagerSettings,
    'user_group_permissions_file' | 'user_group_permissions_reload' | 'existing_plans_devices_file' | 'startup_profile'
  >;
  readonly kept: () => string | null;
  readonly keep: (text: string) => Promise<void>;
  /** Other plans or devices exist, which no worker has told. */
  readonly listsChanged: () => Promise<void>;
  readonly log: Log;
  readonly onChanged: () => void;
}

const UIDS = ['devices_existing_uid', 'plans_existing_uid', 'devices_allowed_uid', 'plans_allowed_uid'] as const;
type ResourceUids = Record<(typeof UIDS)[number], string>;

/**
 * The plans and devices that exist, and what each group may use of them. Lists are judged and made into text when they
 * change, not when they are asked for.
 */
export class Resources {
  readonly #parts: ResourceParts;
  #existing: ExistingLists = { plans: {}, devices: {} };
  #permissions = Permissions.fromText(JSON.stringify(DEFAULT_PERMISSIONS));
  #texts = new GroupTexts(this.#existing, this.#permissions);
  readonly #uids: ResourceUids = {
    devices_existing_uid: newUid(),
    plans_existing_uid: newUid(),
    devices_allowed_uid: newUid(),
    plans_allowed_uid: newUid(),
  };

  constructor(parts: ResourceParts) {
    this.#parts = parts;
  }

  get uids(): Readonly<ResourceUids> {
    return this.#uids;
  }
  get permissions(): Permissions {
    return this.#permissions;
  }
  get existing(): ExistingLists {
    return this.#existing;
  }
  get texts(): GroupTexts {
    return this.#texts;
  }

  /** At the start of the manager. A bad file of permissions is told; what held before, at first the default, holds on. */
  async load(): Promise<void> {
    if (this.#parts.settings.user_group_permissions_reload === 'ON_STARTUP') await this.#permissionsFromDisk();
    else await this.#permissionsFromStore();
    await this.#listsFromDisk();
    this.#update(true);
  }

  /** What the worker described: UIDs change where something is different. */
  setExisting(lists: ExistingLists): void {
    const { plans, devices } = this.#existing;
    if (!isDeepStrictEqual(lists.plans, plans)) this.#uids.plans_existing_uid = newUid();
    if (!isDeepStrictEqual(lists.devices, devices)) this.#uids.devices_existing_uid = newUid();
    this.#existing = lists;
    this.#update(false);
  }

  /** All UIDs of what was asked for are new, also where nothing differs. @throws REFUSED when it is switched off */
  async reload(which: { permissions: boolean; lists: boolean }): Promise<void> {
    const { user_group_permissions_reload: option } = this.#parts.settings;
    if (which.permissions && option === 'NEVER') throw refused(RELOAD_IS_OFF);
    if (which.permissions) await this.#permissionsFromDisk();
    else await this.#permissionsFromStore();
    if (which.lists) {
      await this.#listsFromDisk();
      await this.#parts.listsChanged();
      this.#uids.plans_existing_uid = newUid();
      this.#uids.devices_existing_uid = newUid();
    }
    this.#update(true);
  }

  /** @throws REFUSED with the original's text for what is no set of permissions */
  async setPermissions(value: PyJson): Promise<void> {
    if (isDeepStrictEqual(value, this.#permissions.toJson())) return;
    const permissions = Permissions.fromJson(value);
    await this.#parts.keep(JSON.stringify(permissions.toJson()));
    this.#permissions = permissions;
    this.#update(true);
  }

  async #permissionsFromDisk(): Promise<void> {
    const { user_group_permissions_file: file } = this.#parts.settings;
    try {
      const source =
        file === null ? Permissions.fromText(JSON.stringify(DEFAULT_PERMISSIONS)) : Permissions.fromFile(file);
      this.#permissions = source;
    } catch (error) {
      // As the original: the log tells it, and what held before holds on.
      const reason = (error as Error).message;
      return this.#parts.log.error(`Error occurred while loading user permissions from file '${file}': ${reason}`);
    }
    const text = JSON.stringify(this.#permissions.toJson());
    if (text !== this.#parts.kept()) await this.#parts.keep(text);
  }

  async #permissionsFromStore(): Promise<void> {
    const kept = this.#parts.kept();
    if (kept === null) return await this.#permissionsFromDisk();
    try {
      this.#permissions = Permissions.fromJson(JSON.parse(kept));
    } catch (error) {
      this.#parts.log.error(`Validation of the stored user group permissions failed: ${(error as Error).message}`);
      await this.#permissionsFromDisk();
    }
  }

  async #listsFromDisk(): Promise<void> {
    const { problem, ...lists } = await loadExistingLists(this.#parts.settings);
    if (problem !== null) this.#parts.log.warning(problem);
    this.#existing = lists;
  }

  /** Judges all lists anew. `always`: who asked for it sees new UIDs in any case. */
  #update(always: boolean): void {
    const changed = this.#permissions.update(this.#existing.plans, this.#existing.devices);
    if (changed.plans || always) this.#uids.plans_allowed_uid = newUid();
    if (changed.devices || always) this.#uids.devices_allowed_uid = newUid();
    for (const problem of this.#permissions.problems) this.#parts.log.error(problem);
    this.#texts = new GroupTexts(this.#existing, this.#permissions);
    this.#parts.onChanged();
  }
}

function newUid(): string {
  return crypto.randomUUID();
}

const refused = (msg: string): Error => coded('REFUSED', { msg });

const RELOAD_IS_OFF =
  'Restoring user group permissions from disk is not allowed: RE Manager was started ' +
  "with option user_group_permissions_reload='NEVER'";

import type * as resourceMethods from '../../protocol/methods/resources.ts';
import { refused } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';
import type { Log } from '../log.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import { isDict, typeName } from '../../lib/python-text/py-value.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import { Permissions } from '../permissions/permissions.ts';
import type { Resources } from '../resources/resources.ts';
import type { ManagerState } from '../state.ts';
import type { TaskResults } from '../tasks/task-results.ts';
import type { HandlersOf } from './handlers-of.ts';

interface Parts {
  readonly resources: Resources;
  readonly state: Pick<ManagerState, 'hasEnvironment'>;
  readonly tasks: Pick<TaskResults, 'touch'>;
  readonly log: Log;
}

export function resourceHandlers({ resources, state, tasks, log }: Parts): HandlersOf<typeof resourceMethods> {
  const allowed = (what: 'plans' | 'devices', params: RequestParams<'user_group'>): RawText => {
    if (!params.has('user_group')) throw refused('Incorrect request format: user group is not specified');
    const group = params.orNull('user_group');
    if (Array.isArray(group) || isDict(group)) throw refused(`unhashable type: '${typeName(group)}'`);
    const text = typeof group === 'string' ? resources.texts.allowed(what, group) : null;
    if (text === null) throw refused(`Unknown user group: '${str(group)}'`);
    return new RawText(text);
  };

  /** An open worker of the original reloads them in a task of its own, whose result clients see as a new UID. */
  const reloadedInWorker = () => state.hasEnvironment && tasks.touch();

  return {
    plans_allowed(params) {
      return { plans_allowed: allowed('plans', params), plans_allowed_uid: resources.uids.plans_allowed_uid };
    },
    devices_allowed(params) {
      return { devices_allowed: allowed('devices', params), devices_allowed_uid: resources.uids.devices_allowed_uid };
    },
    plans_existing() {
      const plans = new RawText(resources.texts.existing('plans'));
      return { plans_existing: plans, plans_existing_uid: resources.uids.plans_existing_uid };
    },
    devices_existing() {
      const devices = new RawText(resources.texts.existing('devices'));
      return { devices_existing: devices, devices_existing_uid: resources.uids.devices_existing_uid };
    },

    permissions_get() {
      return { user_group_permissions: new RawText(JSON.stringify(resources.permissions.toJson())) };
    },

    async permissions_set(params) {
      log.info('Request to set user group permission ...');
      const value = params.view('user_group_permissions');
      // Python shows the text of a missing key in quotes.
      if (value === undefined) throw refused(`"Parameter 'user_group_permissions' is missing"`);
      const before = resources.uids.plans_allowed_uid;
      await resources.setPermissions(value);
      if (resources.uids.plans_allowed_uid !== before) reloadedInWorker();
      return {};
    },

    permissions_preview(params) {
      const group = params.orNull('user_group');
      if (typeof group !== 'string') throw refused('Incorrect request format: user group is not specified');
      const wanted = params.view('user_group_permissions');
      const permissions = wanted === undefined ? resources.permissions : Permissions.fromJson(wanted);
      const { plans, devices } = resources.existing;
      const preview = permissions.preview(group, { plans, devices });
      if (preview === undefined) throw refused(`Unknown user group: ${repr(group)}`);
      return { plans: { ...preview.plans }, devices: { ...preview.devices } };
    },

    permissions_validate(params) {
      const value = params.view('user_group_permissions');
      if (value === undefined) throw refused(`"Parameter 'user_group_permissions' is missing"`);
      const permissions = Permissions.fromJson(value);
      permissions.update(resources.existing.plans, resources.existing.devices);
      return { user_groups: [...permissions.groups], problems: [...permissions.problems] };
    },

    async permissions_reload(params) {
      log.info('Reloading lists of allowed plans and devices ...');
      await resources.reload({
        permissions: !params.has('restore_permissions') || isTrue(params.view('restore_permissions')),
        lists: isTrue(params.view('restore_plans_devices')),
      });
      reloadedInWorker();
      return {};
    },
  };
}

import { Type } from 'typebox';
import type { DeviceDescriptions, PlanDescriptions } from '../descriptions.ts';
import { Uid, UserGroupName } from '../item.ts';
import { defineMethod } from './define-method.ts';

const Plans = Type.Unsafe<PlanDescriptions>(Type.Record(Type.String(), Type.Unknown()));
const Devices = Type.Unsafe<DeviceDescriptions>(Type.Record(Type.String(), Type.Unknown()));

export const plansAllowed = defineMethod({
  name: 'plans_allowed',
  summary: 'The plans that a group may submit.',
  access: { scope: 'read:resources', grouped: true },
  params: { user_group: UserGroupName },
  result: { plans_allowed: Plans, plans_allowed_uid: Uid },
});

export const plansExisting = defineMethod({
  name: 'plans_existing',
  summary: 'All plans of the worker.',
  access: { scope: 'read:resources' },
  params: {},
  result: { plans_existing: Plans, plans_existing_uid: Uid },
});

export const devicesAllowed = defineMethod({
  name: 'devices_allowed',
  summary: 'The devices that a group may use.',
  access: { scope: 'read:resources', grouped: true },
  params: { user_group: UserGroupName },
  result: { devices_allowed: Devices, devices_allowed_uid: Uid },
});

export const devicesExisting = defineMethod({
  name: 'devices_existing',
  summary: 'All devices of the worker.',
  access: { scope: 'read:resources' },
  params: {},
  result: { devices_existing: Devices, devices_existing_uid: Uid },
});

export const permissionsGet = defineMethod({
  name: 'permissions_get',
  summary: 'The permissions of all user groups.',
  access: { scope: 'read:config' },
  params: {},
  result: { user_group_permissions: Type.Record(Type.String(), Type.Unknown()) },
});

export const permissionsReload = defineMethod({
  name: 'permissions_reload',
  summary: 'Reads permissions, and on request the lists of plans and devices, from disk again.',
  access: { scope: 'write:config', lock: 'queue' },
  changes: ['plans_allowed', 'devices_allowed'],
  params: {
    restore_plans_devices: Type.Optional(Type.Boolean()),
    restore_permissions: Type.Optional(Type.Boolean()),
  },
  result: {},
});

export const permissionsSet = defineMethod({
  name: 'permissions_set',
  summary: 'Replaces the permissions of all user groups.',
  access: { scope: 'write:permissions', lock: 'queue' },
  changes: ['plans_allowed', 'devices_allowed'],
  params: { user_group_permissions: Type.Record(Type.String(), Type.Unknown()) },
  result: {},
});

const Decided = Type.Object({
  allowed: Type.Boolean(),
  decided_by: Type.Object({
    user_group: Type.String({ description: 'the group itself, or root, who forbids for all' }),
    list: Type.String({ description: 'e.g. forbidden_plans' }),
    entry: Type.Union([Type.String(), Type.Null()], {
      description: 'null: the list begins with null, or no entry of it means the name',
    }),
  }),
});

export const permissionsPreview = defineMethod({
  name: 'permissions_preview',
  summary:
    'What a group sees of the existing plans and devices, and which rule decided; of permissions not yet set, too.',
  access: { scope: 'write:permissions' },
  params: {
    user_group: UserGroupName,
    user_group_permissions: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  result: { plans: Type.Record(Type.String(), Decided), devices: Type.Record(Type.String(), Decided) },
});

export const permissionsValidate = defineMethod({
  name: 'permissions_validate',
  summary: 'Whether permissions could be set; nothing changes. `problems` names each group whose lists cannot be read.',
  access: { scope: 'write:permissions' },
  params: { user_group_permissions: Type.Record(Type.String(), Type.Unknown()) },
  result: { user_groups: Type.Array(Type.String()), problems: Type.Array(Type.String()) },
});

import type { UserGroupPermissions } from './user-groups.ts';

/**
 * What groups may use where no file says otherwise: the permissions of the simulated profile of bluesky-queueserver 0.0.25
 * (`profile_collection_sim/user_group_permissions.yaml`; BSD-3-Clause, Copyright (c) Brookhaven National Laboratory and
 * the Bluesky collaboration).
 */
export const DEFAULT_PERMISSIONS: UserGroupPermissions = {
  user_groups: {
    root: {
      allowed_plans: [null],
      forbidden_plans: [':^_'],
      allowed_devices: [null],
      forbidden_devices: [':^_:?.*'],
      allowed_functions: [null],
      forbidden_functions: [':^_'],
    },
    primary: {
      allowed_plans: [':.*'],
      forbidden_plans: [null],
      allowed_devices: [':?.*:depth=5'],
      forbidden_devices: [null],
      allowed_functions: ['function_sleep', ':^func_for_test'],
    },
    test_user: {
      allowed_plans: [':^count', ':scan$'],
      forbidden_plans: [':^adaptive_scan$', ':^inner_product'],
      allowed_devices: [':^det:?.*', ':^motor:?.*', ':^sim_bundle_A:?.*'],
      forbidden_devices: [':^det[3-5]$:?.*', String.raw`:^motor\d+$:?.*`],
      allowed_functions: [':element$', ':elements$', 'function_sleep', 'clear_buffer', ':^unit_test.*$'],
      forbidden_functions: [':^_'],
    },
  },
};

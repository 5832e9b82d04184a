/** Names or patterns; a `null` in front means all (of what is allowed) or none (of what is forbidden). */
export type NameList = (string | null)[];

/** What a user group may use; a list that is missing is empty. */
export interface GroupPermissions {
  allowed_plans?: NameList;
  forbidden_plans?: NameList;
  allowed_devices?: NameList;
  forbidden_devices?: NameList;
  allowed_functions?: NameList;
  forbidden_functions?: NameList;
}

/** The contents of `user_group_permissions.yaml`. */
export interface UserGroupPermissions {
  user_groups: Record<string, GroupPermissions>;
}

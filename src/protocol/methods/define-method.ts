import type { Static, TObject, TProperties } from 'typebox';
import { Type } from 'typebox';

/** The scopes of bluesky-httpserver, and one of ours; what each role holds stands in auth/roles.ts. */
export type Scope =
  | 'admin:apikeys'
  | 'admin:metrics'
  | 'admin:read:principals'
  | 'read:config'
  | 'read:console'
  | 'read:history'
  | 'read:lock'
  | 'read:monitor'
  | 'read:queue'
  | 'read:resources'
  | 'read:status'
  | 'read:testing'
  | 'user:apikeys'
  | 'write:config'
  | 'write:emergency:stop' // ours
  | 'write:execute'
  | 'write:history:edit'
  | 'write:lock'
  | 'write:manager:control'
  | 'write:manager:stop'
  | 'write:permissions'
  | 'write:plan:control'
  | 'write:queue:control'
  | 'write:queue:edit'
  | 'write:scripts'
  | 'write:testing';

/** The `*_uid` fields of status, without their ending. */
export type ChangedUid =
  | 'run_list'
  | 'plan_queue'
  | 'plan_history'
  | 'devices_existing'
  | 'plans_existing'
  | 'devices_allowed'
  | 'plans_allowed'
  | 'task_results'
  | 'lock_info';

export interface MethodAccess {
  /** What a caller of the gateway must hold. 0MQ has no principal and trusts who reaches it. */
  readonly scope: Scope;
  /** The lock that stops this method unless the request carries its `lock_key`. */
  readonly lock?: 'environment' | 'queue';
  /** The gateway writes who asks (`user`, `user_group`, or the first alone) over whatever the request says. */
  readonly signed?: true | 'user';
  /** The gateway fills in the group of who asks (`user_group`), as for lists of allowed plans. */
  readonly grouped?: true;
}

export interface Method<
  N extends string = string,
  P extends TProperties = TProperties,
  R extends TProperties = TProperties,
> {
  readonly name: N;
  readonly summary: string;
  readonly access: MethodAccess;
  /** Which UIDs a success changes; the manager derives them from the event log, tests hold it to this list. */
  readonly changes: readonly ChangedUid[];
  /** In the original's order: it stands in the text that refuses an unknown parameter. */
  readonly params: TObject<P>;
  readonly result: TObject<R>;
}

/**
 * Declares one method of the RE Manager, once. The manager's handler, the client's call, the REST route, the CLI command
 * and the OpenAPI entry take their types and checks from here.
 */
export function defineMethod<const N extends string, P extends TProperties, R extends TProperties>(method: {
  name: N;
  summary: string;
  access: MethodAccess;
  changes?: readonly ChangedUid[];
  params: P;
  result: R;
}): Method<N, P, R> {
  // A method that names the key itself keeps it in the place where it named it.
  const params = method.access.lock === undefined ? method.params : { ...method.params, lock_key: LockKey };
  return {
    ...method,
    changes: method.changes ?? [],
    params: Type.Object(params, { additionalProperties: false }),
    result: Type.Object(method.result, { additionalProperties: true }),
  };
}

export const LockKey = Type.Optional(
  Type.Union([Type.String(), Type.Null()], { description: 'key of the lock that holds' }),
);

export type ParamsOf<M extends Method> = Static<M['params']>;
export type ResultOf<M extends Method> = Static<M['result']>;

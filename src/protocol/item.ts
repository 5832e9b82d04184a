import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * The wire's atoms. An item is in the queue; a plan is the code it names; a run is what documents describe. Members that
 * are not named here belong to the client and stay as they came.
 */
export const ItemUid = Type.String({ description: 'UID of an item' });
export const UserName = Type.String({ description: 'who asks' });
export const UserGroupName = Type.String({ description: 'the group whose permissions hold' });
export const Uid = Type.String({ description: 'changes exactly when what it stands for changes' });

/** 'front', 'back', or an index; a negative one counts from the back. */
export const QueuePosition = Type.Union([Type.Integer(), Type.String()]);

export const ItemType = Type.Union([Type.Literal('plan'), Type.Literal('instruction'), Type.Literal('function')]);

/** What a client submits. */
export const ItemDraft = Type.Object(
  {
    item_type: ItemType,
    name: Type.String(),
    args: Type.Optional(Type.Array(Type.Unknown())),
    kwargs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    meta: Type.Optional(Type.Unknown()),
    item_uid: Type.Optional(ItemUid),
  },
  { additionalProperties: true },
);
export interface ItemDraft extends Static<typeof ItemDraft> {}

/** How an item ended. Times are seconds since 1970; `msg` and `traceback` are never null. */
export const ItemResult = Type.Object({
  exit_status: Type.String(),
  run_uids: Type.Array(Type.String()),
  scan_ids: Type.Array(Type.Integer()),
  time_start: Type.Number(),
  time_stop: Type.Number(),
  msg: Type.String(),
  traceback: Type.String(),
});
export interface ItemResult extends Static<typeof ItemResult> {}

export const QueueItem = Type.Object(
  {
    ...ItemDraft.properties,
    user: UserName,
    user_group: UserGroupName,
    item_uid: ItemUid,
    properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    result: Type.Optional(ItemResult),
  },
  { additionalProperties: true },
);
export interface QueueItem extends Static<typeof QueueItem> {}

import { Type } from 'typebox';
import type { Static } from 'typebox';
import { ItemResult, ItemUid, QueueItem } from '../item.ts';
import { defineMethod } from './define-method.ts';

/** Where an item is, or how it ended. `unknown` is an outcome that nobody can know after a crash. */
const ITEM_STATES = [
  'queued',
  'running',
  'completed',
  'failed',
  'stopped',
  'aborted',
  'halted',
  'unknown',
  'removed',
] as const;
export type ItemState = (typeof ITEM_STATES)[number];

const time = Type.Union([Type.Number({ description: 'seconds since 1970' }), Type.Null()]);
const otherUid = Type.Union([Type.String(), Type.Null()]);

/** The whole story of one item. Times are null for what has not happened, or what the log does not hold any more. */
export const ItemStatus = Type.Object({
  item_uid: ItemUid,
  state: Type.Unsafe<ItemState>(Type.String({ enum: [...ITEM_STATES] })),
  position: Type.Union([Type.Integer({ description: 'in the queue; 0 is the front' }), Type.Null()]),
  /** As it stands in the queue, runs or is filed; null when it is in none of them any more. */
  item: Type.Union([QueueItem, Type.Null()]),
  submitted_at: time,
  started_at: time,
  ended_at: time,
  run_uids: Type.Array(Type.String()),
  result: Type.Union([ItemResult, Type.Null()]),
  requeued_as: Type.Union([
    Type.String({ description: 'UID of the copy that went into the queue again' }),
    Type.Null(),
  ]),
  copy_of: otherUid,
  replaced_by: otherUid,
  last_event: Type.Integer({ description: 'number of the newest event that this answer knows of' }),
});
export interface ItemStatus extends Static<typeof ItemStatus> {}

/** Also of items that were removed, of instructions and of items that were executed at once. */
export const itemStatus = defineMethod({
  name: 'item_status',
  summary: 'One item from its submission to its end: where it is, when, which runs, with what result.',
  access: { scope: 'read:queue' },
  params: { item_uid: ItemUid },
  result: ItemStatus.properties,
});

import { Type } from 'typebox';
import { ItemDraft, ItemUid, QueueItem, QueuePosition, Uid, UserGroupName, UserName } from '../item.ts';
import { defineMethod } from './define-method.ts';

const place = {
  pos: Type.Optional(QueuePosition),
  before_uid: Type.Optional(ItemUid),
  after_uid: Type.Optional(ItemUid),
};
const signature = { user_group: UserGroupName, user: UserName };
const qsize = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]);
const maybeItem = Type.Union([QueueItem, Type.Null(), Type.Object({})]);

export const queueGet = defineMethod({
  name: 'queue_get',
  summary: 'All items in the queue, in order, and the running one (`{}` when none runs).',
  access: { scope: 'read:queue' },
  params: {},
  result: { items: Type.Array(QueueItem), running_item: Type.Union([QueueItem, Type.Object({})]), plan_queue_uid: Uid },
});

/**
 * Puts one plan or instruction into the queue: at `pos`, or next to an item that is already there, else at the back.
 * @see https://blueskyproject.io/bluesky-queueserver/re_manager_api.html#queue-item-add
 */
export const queueItemAdd = defineMethod({
  name: 'queue_item_add',
  summary: 'Puts one item into the queue.',
  access: { scope: 'write:queue:edit', lock: 'queue', signed: true },
  changes: ['plan_queue'],
  params: { ...signature, item: ItemDraft, ...place },
  result: { qsize, item: maybeItem },
});

/** All of the items, or none: `results` has one `{success, msg}` for each, in order. */
export const queueItemAddBatch = defineMethod({
  name: 'queue_item_add_batch',
  summary: 'Puts several items into the queue, all or none.',
  access: { scope: 'write:queue:edit', lock: 'queue', signed: true },
  changes: ['plan_queue'],
  params: { ...signature, items: Type.Array(ItemDraft), ...place },
  result: {
    qsize,
    items: Type.Array(Type.Unknown()),
    results: Type.Array(Type.Object({ success: Type.Boolean(), msg: Type.String() })),
  },
});

/** By `uid`, else by `pos`; without either the last one. */
export const queueItemGet = defineMethod({
  name: 'queue_item_get',
  summary: 'One item of the queue.',
  access: { scope: 'read:queue' },
  params: { pos: Type.Optional(QueuePosition), uid: Type.Optional(ItemUid) },
  result: { item: maybeItem },
});

export const queueItemRemove = defineMethod({
  name: 'queue_item_remove',
  summary: 'Takes one item out of the queue.',
  access: { scope: 'write:queue:edit', lock: 'queue' },
  changes: ['plan_queue'],
  params: { pos: Type.Optional(QueuePosition), uid: Type.Optional(ItemUid) },
  result: { item: maybeItem, qsize },
});

export const queueItemMove = defineMethod({
  name: 'queue_item_move',
  summary: 'Moves one item of the queue to another place.',
  access: { scope: 'write:queue:edit', lock: 'queue' },
  changes: ['plan_queue'],
  params: {
    pos: Type.Optional(QueuePosition),
    uid: Type.Optional(ItemUid),
    pos_dest: Type.Optional(QueuePosition),
    before_uid: Type.Optional(ItemUid),
    after_uid: Type.Optional(ItemUid),
  },
  result: { item: maybeItem, qsize },
});

export const queueClear = defineMethod({
  name: 'queue_clear',
  summary: 'Takes every item out of the queue; the running one goes on.',
  access: { scope: 'write:queue:edit', lock: 'queue' },
  changes: ['plan_queue'],
  params: {},
  result: {},
});

export const queueStart = defineMethod({
  name: 'queue_start',
  summary: 'Starts to run the queue, item after item.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: {},
  result: {},
});

export const queueStop = defineMethod({
  name: 'queue_stop',
  summary: 'Stops the queue after the item that runs now.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: {},
  result: {},
});

export const queueStopCancel = defineMethod({
  name: 'queue_stop_cancel',
  summary: 'Takes back a pending request to stop the queue.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: {},
  result: {},
});

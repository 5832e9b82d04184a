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
const queueEdit = { scope: 'write:queue:edit', lock: 'queue' } as const;

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

/** The item's `item_uid` says which one; with `replace` it gets a new UID. */
export const queueItemUpdate = defineMethod({
  name: 'queue_item_update',
  summary: 'Replaces one item of the queue at its place.',
  access: { ...queueEdit, signed: true },
  changes: ['plan_queue'],
  params: { ...signature, item: ItemDraft, replace: Type.Optional(Type.Boolean()) },
  result: { qsize, item: maybeItem },
});

export const queueItemRemoveBatch = defineMethod({
  name: 'queue_item_remove_batch',
  summary: 'Takes several items out of the queue; those that are not there are passed over unless asked otherwise.',
  access: queueEdit,
  changes: ['plan_queue'],
  params: { uids: Type.Array(ItemUid), ignore_missing: Type.Optional(Type.Boolean()) },
  result: { items: Type.Array(QueueItem), qsize },
});

/** In the order of `uids`, or with `reorder` in the order that they have in the queue. */
export const queueItemMoveBatch = defineMethod({
  name: 'queue_item_move_batch',
  summary: 'Moves several items of the queue next to each other to another place.',
  access: queueEdit,
  changes: ['plan_queue'],
  params: {
    uids: Type.Array(ItemUid),
    pos_dest: Type.Optional(QueuePosition),
    before_uid: Type.Optional(ItemUid),
    after_uid: Type.Optional(ItemUid),
    reorder: Type.Optional(Type.Boolean()),
  },
  result: { items: Type.Array(QueueItem), qsize },
});

/** It never stands in the queue: it is refused unless it can start now, and leaves no copy however it ends. */
export const queueItemExecute = defineMethod({
  name: 'queue_item_execute',
  summary: 'Runs one item at once, past the queue.',
  access: { scope: 'write:execute', lock: 'environment', signed: true },
  params: { item: ItemDraft, ...signature },
  result: { qsize, item: maybeItem },
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

/** `mode` holds what is to change, or is the word 'default'. */
export const queueModeSet = defineMethod({
  name: 'queue_mode_set',
  summary: 'Sets whether items run in a loop, and whether failures stop the queue.',
  access: { scope: 'write:queue:control', lock: 'queue' },
  params: {
    mode: Type.Union([
      Type.Literal('default'),
      Type.Object({ loop: Type.Optional(Type.Boolean()), ignore_failures: Type.Optional(Type.Boolean()) }),
    ]),
  },
  result: {},
});

/** A plan that fails, and whoever stops the queue, switches it off. */
export const queueAutostart = defineMethod({
  name: 'queue_autostart',
  summary: 'Sets whether the queue starts by itself whenever there is an item and nothing else runs.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: { enable: Type.Boolean() },
  result: {},
});

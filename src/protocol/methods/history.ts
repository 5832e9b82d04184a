import { Type } from 'typebox';
import { ItemUid, QueueItem, Uid } from '../item.ts';
import { defineMethod, LockKey } from './define-method.ts';

export const historyGet = defineMethod({
  name: 'history_get',
  summary: 'The items that have ended, oldest first, each with its result.',
  access: { scope: 'read:history' },
  params: {},
  result: { items: Type.Array(QueueItem), plan_history_uid: Uid },
});

/** All of it, or what is older than the last `size` items, or what came before `item_uid`. */
export const historyClear = defineMethod({
  name: 'history_clear',
  summary: 'Removes items from the history.',
  access: { scope: 'write:history:edit', lock: 'queue' },
  changes: ['plan_history'],
  params: { lock_key: LockKey, size: Type.Optional(Type.Integer()), item_uid: Type.Optional(ItemUid) },
  result: {},
});

import { Type } from 'typebox';
import { UserName } from '../item.ts';
import { defineMethod, LockKey } from './define-method.ts';

const result = {
  lock_info: Type.Record(Type.String(), Type.Unknown()),
  lock_info_uid: Type.Union([Type.String(), Type.Null()]),
};
const key = Type.String({ description: 'whoever has it may change what is locked' });

/** Who locks may lock again, under the same key, with another choice. */
export const lock = defineMethod({
  name: 'lock',
  summary: 'Locks the environment, the queue or both: changes then need the key.',
  access: { scope: 'write:lock', signed: 'user' },
  changes: ['lock_info'],
  params: {
    lock_key: key,
    note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    environment: Type.Optional(Type.Boolean()),
    queue: Type.Optional(Type.Boolean()),
    user: UserName,
  },
  result,
});

/** With a key it is refused unless that is the key of the lock. */
export const lockInfo = defineMethod({
  name: 'lock_info',
  summary: 'Who has locked what, and why.',
  access: { scope: 'read:lock' },
  params: { lock_key: LockKey },
  result,
});

export const unlock = defineMethod({
  name: 'unlock',
  summary: 'Takes the lock away, by its key or the emergency key.',
  access: { scope: 'write:lock' },
  changes: ['lock_info'],
  params: { lock_key: key },
  result,
});

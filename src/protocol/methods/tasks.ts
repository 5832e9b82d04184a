import { Type } from 'typebox';
import { ItemDraft, QueueItem, UserGroupName, UserName } from '../item.ts';
import { defineMethod } from './define-method.ts';

/** null: none was started. */
export const taskUid = Type.Union([Type.String(), Type.Null()], { description: 'by which the task is asked about' });
const inBackground = Type.Optional(Type.Boolean({ description: 'beside plans and other tasks' }));

/** Accepted means begun: `task_status` and `task_result` tell more, and `task_results_uid` when there is a result. */
export const functionExecute = defineMethod({
  name: 'function_execute',
  summary: 'Calls a function of the startup code in the open environment.',
  access: { scope: 'write:execute', lock: 'environment', signed: true },
  params: { item: ItemDraft, user_group: UserGroupName, user: UserName, run_in_background: inBackground },
  result: { item: Type.Union([QueueItem, Type.Null(), Type.Object({})]), task_uid: taskUid },
});

export const scriptUpload = defineMethod({
  name: 'script_upload',
  summary: 'Runs a script in the open environment; what it defines joins the plans and devices.',
  access: { scope: 'write:scripts', lock: 'environment' },
  params: {
    script: Type.String({ description: "in the worker's language" }),
    update_lists: Type.Optional(Type.Boolean()),
    update_re: Type.Optional(Type.Boolean()),
    run_in_background: inBackground,
  },
  result: { task_uid: taskUid },
});

/** 'running', 'completed' or 'not_found': a word for one UID, an object by UID for a list. */
export const taskStatus = defineMethod({
  name: 'task_status',
  summary: 'How far tasks are.',
  access: { scope: 'read:monitor' },
  params: { task_uid: Type.Union([Type.String(), Type.Array(Type.String())]) },
  result: { task_uid: Type.Unknown(), status: Type.Unknown() },
});

/** Results are kept for two minutes at least. */
export const taskResult = defineMethod({
  name: 'task_result',
  summary: 'What became of a task.',
  access: { scope: 'read:monitor' },
  params: { task_uid: Type.String() },
  result: { task_uid: Type.Unknown(), status: Type.Union([Type.String(), Type.Null()]), result: Type.Unknown() },
});

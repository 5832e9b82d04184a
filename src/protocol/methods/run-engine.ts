import { Type } from 'typebox';
import { Uid, UserName } from '../item.ts';
import { OpenRun } from '../worker/state.ts';
import { defineMethod } from './define-method.ts';

const access = { scope: 'write:plan:control', lock: 'environment' } as const;

/**
 * `deferred` (the default) pauses at the next checkpoint, after a move under way, and replays nothing; `immediate`
 * abandons the step under way, and resuming replays from the last checkpoint: hardware moves again.
 */
export const rePause = defineMethod({
  name: 're_pause',
  summary: 'Pauses the running plan.',
  access,
  params: { option: Type.Optional(Type.String()) },
  result: {},
});

export const reResume = defineMethod({
  name: 're_resume',
  summary: 'Goes on with a paused plan.',
  access,
  params: {},
  result: {},
});

export const reStop = defineMethod({
  name: 're_stop',
  summary: 'Ends a paused plan as a success, with its clean-up.',
  access,
  params: {},
  result: {},
});

export const reAbort = defineMethod({
  name: 're_abort',
  summary: 'Ends a paused plan as aborted, with its clean-up.',
  access,
  params: {},
  result: {},
});

export const reHalt = defineMethod({
  name: 're_halt',
  summary: 'Ends a paused plan at once, without its clean-up.',
  access,
  params: {},
  result: {},
});

/**
 * Never refused: from any state, past any lock, whatever else the request holds. The plan is halted, `stop` is called on
 * all that it moved, no next item is taken, autostart goes off; a worker that does not answer within 2 s is killed. What
 * of this was done, and what failed, stands in the reply.
 */
export const emergencyStop = defineMethod({
  name: 'emergency_stop',
  summary: 'Stops everything at once: halts the plan and what moves, kills a worker that does not answer.',
  access: { scope: 'write:emergency:stop', signed: 'user' },
  params: { user: Type.Optional(UserName) },
  result: {
    item_uid: Type.Union([Type.String({ description: 'the item that ran' }), Type.Null()]),
    halted: Type.Boolean({ description: 'the worker says that no plan runs any more' }),
    worker_killed: Type.Boolean(),
    autostart_disabled: Type.Boolean({ description: 'it was on' }),
    actions: Type.Array(Type.String(), { description: 'a sentence for each thing that was done, or that failed' }),
  },
});

/** `active` (the default) is every run of the running plan, `open` and `closed` a part of them. */
export const reRuns = defineMethod({
  name: 're_runs',
  summary: 'The runs of the running plan.',
  access: { scope: 'read:monitor' },
  params: { option: Type.Optional(Type.String()) },
  result: {
    run_list: Type.Array(OpenRun),
    run_list_uid: Uid,
  },
});

export const reMetadata = defineMethod({
  name: 're_metadata',
  summary: "The RunEngine's metadata, which goes into every run.",
  access: { scope: 'read:monitor' },
  params: {},
  result: { re_metadata: Type.Record(Type.String(), Type.Unknown()) },
});

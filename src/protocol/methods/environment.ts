import { Type } from 'typebox';
import { defineMethod, LockKey } from './define-method.ts';
import { taskUid } from './tasks.ts';

/** Accepted means begun: `worker_environment_state` of the status tells when it is open. */
export const environmentOpen = defineMethod({
  name: 'environment_open',
  summary: 'Opens the environment: runs the startup code in a fresh worker.',
  access: { scope: 'write:manager:control', lock: 'environment' },
  params: {},
  result: {},
});

export const environmentClose = defineMethod({
  name: 'environment_close',
  summary: 'Closes the environment in order; refused while something runs.',
  access: { scope: 'write:manager:control', lock: 'environment' },
  params: {},
  result: {},
});

export const environmentDestroy = defineMethod({
  name: 'environment_destroy',
  summary: 'Kills the worker, whatever it does: for one that no longer answers.',
  access: { scope: 'write:manager:control', lock: 'environment' },
  params: {},
  result: {},
});

/** After scripts and functions have changed what there is. Accepted means begun, as a task. */
export const environmentUpdate = defineMethod({
  name: 'environment_update',
  summary: 'Describes the plans and devices of the open environment again.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: { run_in_background: Type.Optional(Type.Boolean()) },
  result: { task_uid: taskUid },
});

export const kernelInterrupt = defineMethod({
  name: 'kernel_interrupt',
  summary: 'Interrupts the IPython kernel of a worker that has one.',
  access: { scope: 'write:queue:control', lock: 'environment' },
  params: {
    lock_key: LockKey,
    interrupt_task: Type.Optional(Type.Boolean()),
    interrupt_plan: Type.Optional(Type.Boolean()),
  },
  result: {},
});

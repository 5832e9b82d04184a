import { defineMethod } from './define-method.ts';

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

import { Type } from 'typebox';
import { ManagerStatus } from '../status.ts';
import { defineMethod } from './define-method.ts';

export const ping = defineMethod({
  name: 'ping',
  summary: 'Answers with the status of the manager.',
  access: { scope: 'read:status' },
  params: {},
  result: ManagerStatus.properties,
});

export const status = defineMethod({
  name: 'status',
  summary:
    'What the manager, the worker and the RunEngine are doing, and the UIDs by which a client knows what changed.',
  access: { scope: 'read:status' },
  params: {},
  result: ManagerStatus.properties,
});

/**
 * Ends manager and worker; neither is started again. `safe_on` (the default) is refused unless the manager is idle with
 * no environment; `safe_off` ends whatever runs.
 */
export const managerStop = defineMethod({
  name: 'manager_stop',
  summary: 'Ends the manager and its worker.',
  access: { scope: 'write:manager:stop' },
  params: { option: Type.Optional(Type.String()) },
  result: {},
});

export const configGet = defineMethod({
  name: 'config_get',
  summary: 'How the manager is set up, as far as clients need it.',
  access: { scope: 'read:config' },
  params: {},
  result: { config: Type.Record(Type.String(), Type.Unknown()) },
});

/**
 * There only while testing is switched on, as the next one. The process ends without a word, as by SIGKILL, and never
 * replies; its supervisor starts it again.
 */
export const managerKill = defineMethod({
  name: 'manager_kill',
  summary: 'Kills the manager; environment and running plan live on. For tests alone.',
  access: { scope: 'write:testing' },
  params: {},
  result: {},
});

/** @public No route leads to it, as in the original. */
export const managerTest = defineMethod({
  name: 'manager_test',
  summary: 'Runs a test of the original by name. For tests alone.',
  access: { scope: 'write:testing' },
  params: { test_name: Type.Optional(Type.Unknown()) },
  result: {},
});

import { defineStates } from '../lib/define-states.ts';

/**
 * What the manager is doing, in the words of `status.manager_state`.
 *
 * It wakes as `initializing` and leaves that once, when the worker has told whether a plan or task outlived the last
 * manager. From `idle`, and only from there, an environment is created or closed, a task is run or the queue is started.
 * `starting_queue` lasts until the worker has accepted the first item; `executing_queue` until the queue is drained,
 * *the moments between two items included*, so that a client which reads `idle` may believe it. `paused` waits for a
 * person: resume, stop, abort and halt all lead back to `executing_queue`, which files the outcome. The way out of a
 * worker that no longer answers is `destroying_environment`, and it is open from everywhere.
 */
export const managerStates = defineStates(
  {
    initializing: ['idle', 'executing_queue', 'executing_task', 'paused'],
    idle: ['creating_environment', 'starting_queue', 'executing_task', 'closing_environment'],
    creating_environment: ['idle'],
    starting_queue: ['executing_queue', 'idle'],
    executing_queue: ['paused', 'idle'],
    paused: ['executing_queue', 'idle'],
    executing_task: ['idle'],
    closing_environment: ['idle'],
    destroying_environment: ['idle'],
  },
  { fromAnywhere: ['destroying_environment'] },
);
export type ManagerState = keyof typeof managerStates.next;

/**
 * What the worker has open, in the words of `status.worker_environment_state`. A worker process opens one environment in
 * its life: it waits as `closed`, is `initializing` while the startup code runs, and after `closing` the process ends, so
 * that the next environment begins in a fresh one. `failed` is an opening that did not succeed; it ends the process too.
 */
export const environmentStates = defineStates({
  closed: ['initializing'],
  initializing: ['idle', 'failed'],
  idle: ['executing_plan', 'executing_task', 'closing'],
  executing_plan: ['idle'],
  executing_task: ['idle'],
  closing: ['closed'],
  failed: ['closed'],
});
export type EnvironmentState = keyof typeof environmentStates.next;

/** The RunEngine's state as `status.re_state` shows it; `null` without an environment. */
export type RunEngineState =
  'idle' | 'running' | 'pausing' | 'paused' | 'suspending' | 'halting' | 'stopping' | 'aborting' | 'panicked';

/** How an item ended, in the words of `result.exit_status`. `unknown` is what nobody can know after a crash. */
export type ExitStatus = 'completed' | 'failed' | 'stopped' | 'aborted' | 'halted' | 'unknown';

import { CodedError } from '../../protocol/error-codes.ts';
import type { WorkerParams } from '../../protocol/worker/requests.ts';
import { refused, refusedAsIs } from '../control/refused.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import type { TaskResults } from './task-results.ts';

export type Task = Omit<WorkerParams<'task_run'>, 'task_uid' | 'run_in_background'> & { readonly uid?: string };

interface Parts {
  readonly state: ManagerState;
  readonly link: Pick<WorkerLink, 'request'>;
  readonly tasks: TaskResults;
}

/**
 * Has the worker run functions and scripts. One in the foreground has the manager for itself: `executing_task` from its
 * start until its result is known. Any number may run in the background, beside plans.
 */
export class TaskRunner {
  readonly #parts: Parts;
  #foreground: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves with the task's UID when the worker has begun it. @throws REFUSED */
  async start({ uid = crypto.randomUUID(), ...task }: Task, runInBackground: PyJson | undefined): Promise<string> {
    const { state, link, tasks } = this.#parts;
    const isFunction = task.kind === 'function';
    const inBackground = isTrue(runInBackground);
    // The original tells these refusals of functions with its prefix, of scripts without.
    const no = isFunction ? refused : refusedAsIs;
    if (!state.hasEnvironment) throw no('RE Worker environment is not open');
    if (!inBackground && !state.machine.is('idle')) {
      throw no(`Failed to start the task: RE Manager must be in idle state. Current state: '${state.machine.state}'`);
    }
    if (!inBackground) {
      state.machine.change({ from: 'idle', to: 'executing_task', why: `task ${task.kind}` });
      this.#foreground = uid;
    }
    tasks.started({ task_uid: uid, time_start: Date.now() / 1000, run_in_background: inBackground });
    try {
      await link.request('task_run', { ...task, task_uid: uid, run_in_background: inBackground });
      return uid;
    } catch (error) {
      tasks.forget(uid);
      this.ended(uid);
      throw error instanceof CodedError ? no(error.message) : error;
    }
  }

  /** Of any task; the manager is free again when it was the one in the foreground. */
  ended(uid: string): void {
    const { state } = this.#parts;
    const isForeground = this.#foreground === uid || this.#foreground === null;
    if (!isForeground) return;
    this.#foreground = null;
    if (state.machine.is('executing_task')) state.machine.change({ to: 'idle', why: 'the task has ended' });
  }
}

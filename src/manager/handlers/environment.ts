import type * as environmentMethods from '../../protocol/methods/environment.ts';
import { refusedAsIs } from '../control/refused.ts';
import type { EnvironmentControl } from '../execution/environment-control.ts';
import type { Log } from '../log.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { HandlersOf } from './handlers-of.ts';

interface Parts {
  readonly environment: EnvironmentControl;
  readonly taskRunner: TaskRunner;
  readonly log: Log;
}

export function environmentHandlers({ environment, taskRunner, log }: Parts): HandlersOf<typeof environmentMethods> {
  return {
    environment_open() {
      log.info('Opening the new RE environment ...');
      environment.open();
      return {};
    },

    environment_close() {
      log.info('Closing existing RE environment ...');
      environment.close();
      return {};
    },

    environment_destroy() {
      log.info('Destroying current RE environment ...');
      environment.destroy();
      return {};
    },

    async environment_update(params) {
      log.info('Updating RE environment ...');
      const task = { kind: 'update', text: '', update_lists: true, update_re: true } as const;
      return { task_uid: await taskRunner.start(task, params.view('run_in_background')) };
    },

    kernel_interrupt() {
      throw refusedAsIs(
        'Failed to interrupt IPython kernel: RE Manager is not in IPython mode: IPython kernel is not used',
      );
    },
  };
}

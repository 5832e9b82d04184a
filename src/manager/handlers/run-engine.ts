import type * as runEngineMethods from '../../protocol/methods/run-engine.ts';
import { CodedError } from '../../protocol/error-codes.ts';
import { refused, refusedAsIs } from '../control/refused.ts';
import type { EmergencyStop } from '../execution/emergency-stop.ts';
import type { RunControl } from '../execution/run-control.ts';
import type { Log } from '../log.ts';
import { str } from '../../lib/python-text/repr.ts';
import type { ManagerState } from '../state.ts';
import type { WorkerLink } from '../worker-link/worker-link.ts';
import type { HandlersOf } from './handlers-of.ts';

interface Parts {
  readonly control: RunControl;
  readonly emergency: EmergencyStop;
  readonly state: ManagerState;
  readonly link: Pick<WorkerLink, 'request'>;
  readonly log: Log;
}

export function runEngineHandlers(parts: Parts): HandlersOf<typeof runEngineMethods> {
  const { control, emergency, state, link, log } = parts;
  return {
    async re_pause(params) {
      log.info('Pausing the queue (currently running plan) ...');
      await control.pause(params.view('option') ?? (params.has('option') ? null : 'deferred'));
      return {};
    },
    async re_resume() {
      log.info('Resuming paused plan ...');
      await control.choose('resume');
      return {};
    },
    async re_stop() {
      log.info('Stopping paused plan ...');
      await control.choose('stop');
      return {};
    },
    async re_abort() {
      log.info('Aborting paused plan ...');
      await control.choose('abort');
      return {};
    },
    async re_halt() {
      log.info('Halting paused plan ...');
      await control.choose('halt');
      return {};
    },

    async emergency_stop(params) {
      const user = params.view('user');
      return await emergency.stop(typeof user === 'string' ? user : null);
    },

    re_runs(params) {
      const option = params.has('option') ? params.orNull('option') : 'active';
      if (option !== 'active' && option !== 'open' && option !== 'closed') {
        throw refused(`Option '${str(option)}' is not supported. Available options: ('active', 'open', 'closed')`);
      }
      const runs = state.runs.filter(({ is_open: isOpen }) => option === 'active' || isOpen === (option === 'open'));
      return {
        run_list: runs,
        run_list_uid: state.runListUid,
      };
    },

    async re_metadata() {
      if (!state.hasEnvironment) throw refusedAsIs('Environment does not exist. Cannot retrieve RE metadata.');
      try {
        return await link.request('re_metadata', {});
      } catch (error) {
        throw error instanceof CodedError ? refusedAsIs(error.message) : error;
      }
    },
  };
}

import type * as serverMethods from '../../protocol/methods/server.ts';
import { refused } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import { repr, str } from '../../lib/python-text/repr.ts';
import type { ManagerState } from '../state.ts';
import type { StatusText } from '../status/status-text.ts';
import type { HandlersOf } from './handlers-of.ts';

interface Parts {
  readonly status: StatusText;
  readonly state: ManagerState;
  /** Begins the end of the process, after the reply has gone out. */
  readonly stop: () => void;
  /** Ends the process here and now. */
  readonly die: () => void;
}

export function serverHandlers({ status, state, stop, die }: Parts): HandlersOf<typeof serverMethods> {
  const whole = (): RawText => new RawText(status.text());

  return {
    ping: whole,
    status: whole,

    config_get() {
      // Without an IPython kernel there is nothing to connect to.
      return { config: { ip_connect_info: {} } };
    },

    manager_stop(params) {
      const asked = params.orNull('option');
      if (isTrue(asked) && asked !== 'safe_on' && asked !== 'safe_off') {
        throw refused(`Option '${str(asked)}' is not allowed. Allowed options: ('safe_off', 'safe_on')`);
      }
      const option = asked === 'safe_off' ? 'safe_off' : 'safe_on';
      if (option === 'safe_on' && !state.machine.is('idle')) {
        throw refused(
          `Closing RE Manager with option '${option}' is allowed ` +
            `only in 'idle' state. Current state: '${state.machine.state}'`,
        );
      }
      setImmediate(stop);
      return {};
    },

    async manager_kill() {
      die();
      return await new Promise<never>(() => undefined);
    },

    manager_test(params) {
      const name = params.orNull('test_name');
      if (name !== 'reserve_kernel') throw refused(`Unknown test: ${repr(name)}. Known tests: ['reserve_kernel']`);
      throw refused('IPython kernel mode is not enabled');
    },
  };
}

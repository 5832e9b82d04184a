import type * as historyMethods from '../../protocol/methods/history.ts';
import { RawText } from '../control/reply.ts';
import type { Log } from '../log.ts';
import type { PlanQueue } from '../queue/queue-interface.ts';
import type { HandlersOf } from './handlers-of.ts';

export function historyHandlers({ queue, log }: { queue: PlanQueue; log: Log }): HandlersOf<typeof historyMethods> {
  return {
    history_get() {
      return { items: new RawText(queue.historyText()), plan_history_uid: queue.historyUid };
    },

    async history_clear(params) {
      log.info('Clearing the plan execution history ...');
      await queue.clearHistory({ size: params.view('size'), item_uid: params.view('item_uid') });
      return {};
    },
  };
}

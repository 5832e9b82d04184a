import type * as lockMethods from '../../protocol/methods/lock.ts';
import { RefusalWith } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { ManagerLock } from '../lock/manager-lock.ts';
import type { Log } from '../log.ts';
import { str } from '../../lib/python-text/repr.ts';
import type { HandlersOf } from './handlers-of.ts';

export function lockHandlers({ lock, log }: { lock: ManagerLock; log: Log }): HandlersOf<typeof lockMethods> {
  const info = (): { lock_info: RawText; lock_info_uid: string } => ({
    lock_info: new RawText(JSON.stringify(lock.info)),
    lock_info_uid: lock.uid,
  });

  return {
    async lock(params) {
      await lock.lock(params.all);
      const { user, environment, queue, note } = lock.info;
      log.info(
        `RE Manager was locked by the user '${str(user)}': ` +
          `environment=${str(environment)} queue=${str(queue)}. Note: ${str(note)}`,
      );
      return info();
    },

    lock_info(params) {
      const key = params.orNull('lock_key');
      try {
        if (key !== null) lock.check(key, { environment: true, queue: true });
      } catch (error) {
        throw new RefusalWith(error as Error, info());
      }
      return info();
    },

    async unlock(params) {
      const mayTell = typeof params.view('lock_key') === 'string' && params.view('lock_key') !== '';
      try {
        const wasLocked = await lock.unlock(params.view('lock_key'));
        if (wasLocked) log.info('RE Manager is successfully unlocked.');
        else log.info('RE Manager is already unlocked. No action is required.');
      } catch (error) {
        if (!mayTell) throw error;
        throw new RefusalWith(error as Error, info());
      }
      return info();
    },
  };
}

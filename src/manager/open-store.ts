import type { ManagerSettings } from '../config/process-settings.ts';
import { refuseBesideManager } from './control/no-other-manager.ts';
import type { Log } from './log.ts';
import { openRedisStore } from './store/redis/redis.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { QueueStore } from './store/store.ts';

/**
 * The store that the settings name; its troubles are told in the log.
 * @throws STORE_HELD, STORE_TOO_NEW, STORE_FAILED; Error when another manager answers at the control address
 */
export async function openStore(settings: ManagerSettings, log: Log): Promise<QueueStore> {
  const { redis_addr: address, redis_name_prefix: namePrefix = '' } = settings;
  if (address === undefined) return await openSqliteStore(settings.store.file);
  await refuseBesideManager(settings.zmq_control_addr);
  const store = await openRedisStore({ address, namePrefix, tell: (line) => log.warning(line) });
  store.onTrouble((trouble) => {
    if (trouble) log.error(trouble.message);
    else log.warning('The store answers again: what waited for it is written');
  });
  return store;
}

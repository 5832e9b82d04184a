import type { ManagerSettings } from '../config/process-settings.ts';
import { refuseBesideManager } from './control/no-other-manager.ts';
import type { Log } from './log.ts';
import { keysOfQueue } from './store/redis/overlooked-queue.ts';
import { openRedisStore } from './store/redis/redis.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { QueueStore } from './store/store.ts';

/**
 * The store that the settings name; its troubles are told in the log.
 * @throws STORE_HELD, STORE_TOO_NEW, STORE_FAILED; Error when another manager answers at the control address
 */
export async function openStore(settings: ManagerSettings, log: Log): Promise<QueueStore> {
  const { redis_addr: address, redis_name_prefix: namePrefix = '' } = settings;
  if (address === undefined) {
    void tellOfOverlooked(log);
    return await openSqliteStore(settings.store.file);
  }
  await refuseBesideManager(settings.zmq_control_addr);
  const store = await openRedisStore({ address, namePrefix, tell: (line) => log.warning(line) });
  store.onTrouble((trouble) => {
    if (trouble) log.error(trouble.message);
    else log.warning('The store answers again: what waited for it is written');
  });
  return store;
}

/** Where the original keeps the queue unless it is told otherwise. */
const ORIGINAL_ADDRESS = 'redis://localhost:6379';
const ORIGINAL_PREFIX = 'qs_default';

/** Who comes from the original may wonder where the queue went. */
async function tellOfOverlooked(log: Log): Promise<void> {
  if ((await keysOfQueue(ORIGINAL_ADDRESS, ORIGINAL_PREFIX)) === 0) return;
  log.warning(
    `The Redis on localhost:6379 holds a queue ('${ORIGINAL_PREFIX}_…'), and this manager keeps its queue in the data directory: ` +
      'to go on with that one, start with --redis-addr localhost:6379',
  );
}

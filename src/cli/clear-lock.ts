import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { dataFolders } from '../config/data-folders.ts';
import { DATA_SETTINGS } from '../config/settings.ts';
import { CLEAR_LOCK_SETTINGS } from '../config/tool-settings.ts';
import { printed } from '../lib/python-text/shortened.ts';
import type { PyJson } from '../lib/python-text/py-value.ts';
import { parseView } from '../lib/raw-json.ts';
import { RedisConnection } from '../lib/redis-connection.ts';
import { redisKeys } from '../manager/store/redis/redis-keys.ts';
import { openSqliteStore } from '../manager/store/sqlite.ts';
import { resolved } from './options.ts';

/** Where a manager keeps its lock. */
interface LockPlace {
  /** Its JSON text; null when there is none. */
  read(): Promise<string | null>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `beamgate clear-lock`: takes a lock away whose key is lost. In Redis that may be done while the manager runs, and takes effect
 * when it is started again; the embedded store is its manager's alone, so there it must have been stopped.
 */
export async function clearLock(command: Command): Promise<void> {
  try {
    const place = await lockPlace(command);
    try {
      await clearedIn(place);
    } finally {
      await place.close();
    }
  } catch (error) {
    console.error(`ERROR:clear-lock:Failed to clear RE Manager lock: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function clearedIn(place: LockPlace): Promise<void> {
  const lock = await place.read();
  if (lock === null) return console.log('No lock was detected.');
  console.log(`Detected lock info:\n${printed(parseView(lock) as PyJson)}`);
  console.log('Clearing the lock ...');
  await place.clear();
  console.log('RE Manager lock was cleared. Restart RE Manager service to unlock the manager!');
}

/** Whoever names a Redis or a prefix of its keys means Redis. */
async function lockPlace(command: Command): Promise<LockPlace> {
  const { redisAddr, redisNamePrefix } = resolved(CLEAR_LOCK_SETTINGS, command);
  const meansRedis = [redisAddr, redisNamePrefix].some(({ origin }) => origin === 'option');
  if (meansRedis) return await inRedis(redisAddr.value ?? '', redisNamePrefix.value ?? '');
  return await inDataFolder(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
}

async function inRedis(address: string, prefix: string): Promise<LockPlace> {
  const nobody = { away: () => undefined, back: () => undefined };
  const redis = new RedisConnection(address, 'beamgate-clear-lock', nobody);
  await redis.connect();
  const key = redisKeys(prefix).values.lock;
  return {
    read: async () => (await redis.call('GET', key)) as string | null,
    clear: async () => void (await redis.call('DEL', key)),
    close: async () => redis.close(),
  };
}

async function inDataFolder(dataDir: string): Promise<LockPlace> {
  const { storeFile } = dataFolders(dataDir);
  if (!existsSync(storeFile)) throw new Error(`there is no store '${storeFile}'; is another --data-dir meant?`);
  const store = await openSqliteStore(storeFile);
  return {
    read: async () => (await store.read()).values.lock ?? null,
    clear: () =>
      store.commit([{ type: 'set', name: 'lock', text: null }], [{ kind: 'lock_changed', at: Date.now() / 1000 }]),
    close: () => store.close(),
  };
}

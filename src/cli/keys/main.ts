import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { ApiKeys } from '../../auth/accounts/api-keys.ts';
import { AuditLog } from '../../auth/audit-log.ts';
import { originalAccounts } from '../../auth/original-database.ts';
import { dataFolders, makeFolders } from '../../config/data-folders.ts';
import { gatewaySecrets } from '../../config/secrets.ts';
import { DATA_SETTINGS } from '../../config/settings.ts';
import { KEYS_SETTINGS } from '../../config/tool-settings.ts';
import { openAccountsStore } from '../../gateway/accounts-store.ts';
import { resolved } from '../options.ts';
import { createKey } from './create.ts';
import { listKeys } from './list.ts';
import type { KeysParts } from './parts.ts';

type Action = (parts: KeysParts, word: string | undefined) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = {
  list: ({ store }) => listKeys(store),
  create: createKey,
  revoke: revokeKey,
  import: importAccounts,
};

/**
 * `beamgate keys list|create|revoke|import`: API keys, from the shell of whoever runs the gateway. It may run meanwhile: it
 * hears of the change, and sockets that a revoked key has opened are closed.
 */
export async function keys([action = '', word]: readonly string[], command: Command): Promise<void> {
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (act === undefined) {
    throw new Error(`keys takes one of ${Object.keys(ACTIONS).join(', ')}, received '${action}'`);
  }
  const folders = dataFolders(resolved(DATA_SETTINGS, command).dataDir.value ?? '');
  makeFolders(folders);
  const store = await openAccountsStore(folders.dataDir, gatewaySecrets().accountsRedis);
  const audit = new AuditLog(folders.auditFile);
  try {
    await act(
      {
        store,
        audit,
        keys: new ApiKeys(store, audit, () => Date.now() / 1000),
        by: { name: `${userInfo().username} (command line)` },
        values: resolved(KEYS_SETTINGS, command),
      },
      word,
    );
  } finally {
    await store.close();
    audit.close();
  }
}

async function revokeKey({ store, keys: apiKeys, by }: KeysParts, firstEight: string | undefined): Promise<void> {
  if (firstEight === undefined) throw new Error('keys revoke takes the first eight digits of the key');
  const principals = await store.principals();
  const all = (await Promise.all(principals.map(({ uuid }) => store.keysOf(uuid)))).flat();
  const found = all.filter((key) => key.firstEight === firstEight);
  const [key] = found;
  if (key === undefined) throw new Error(`No key begins with '${firstEight}'`);
  for (const { principal } of found) await apiKeys.revoke(principal, firstEight, by);
  console.log(`Revoked ${firstEight}.`);
}

async function importAccounts({ store, audit, by }: KeysParts, file: string | undefined): Promise<void> {
  if (file === undefined) throw new Error('keys import takes the SQLite file of a bluesky-httpserver');
  const { principals, keys: theirs } = originalAccounts(file);
  const taken = await store.takeOver(principals, theirs);
  audit.record(by, { what: 'accounts taken over', from: file, ...taken });
  console.log(
    `Took over ${taken.principals} of ${principals.length} principals and ${taken.keys} of ${theirs.length} API keys; ` +
      'the others are here already. Sessions begin anew: sign in again.',
  );
}

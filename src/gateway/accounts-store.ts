import type { AccountsConfig } from '../auth/accounts-config.ts';
import { openRedisAuthStore } from '../auth/store/redis.ts';
import { openSqliteAuthStore } from '../auth/store/sqlite.ts';
import type { AuthStore } from '../auth/store/store.ts';
import { accountFiles } from '../config/data-folders.ts';
import type { GatewaySettings } from '../config/process-settings.ts';
import type { GatewaySecrets } from '../config/secrets.ts';

/** What the configuration says of accounts, and where they are kept. */
export interface OpenedAccounts {
  readonly config: AccountsConfig;
  /** null: there is no provider, so nobody has an account. */
  readonly store: AuthStore | null;
}

const REDIS_PREFIX = 'beamgate_accounts';

/**
 * Opens the accounts: in the Redis that the environment names, for several gateways, else in the data directory.
 * @throws RangeError when gateways would share accounts but no secret key; ACCOUNTS_AWAY, STORE_FAILED, STORE_TOO_NEW
 */
export async function openAccounts(
  config: AccountsConfig,
  { data_dir }: Pick<GatewaySettings, 'data_dir'>,
  { accountsRedis, secretKeys }: GatewaySecrets,
): Promise<OpenedAccounts> {
  if (config.providers.length === 0) return { config, store: null };
  if (accountsRedis !== null && config.secretKeys.length === 0 && secretKeys.length === 0) {
    throw new RangeError(
      'Gateways that share accounts in Redis must share the keys that sign tokens: set QSERVER_HTTP_SERVER_SECRET_KEYS, ' +
        'or secret_keys in the configuration',
    );
  }
  return { config, store: await openAccountsStore(data_dir, accountsRedis) };
}

/** @throws ACCOUNTS_AWAY, STORE_FAILED, STORE_TOO_NEW */
export async function openAccountsStore(dataDir: string, redis: string | null): Promise<AuthStore> {
  return redis === null
    ? openSqliteAuthStore(accountFiles(dataDir).store)
    : openRedisAuthStore({ address: redis, namePrefix: REDIS_PREFIX });
}

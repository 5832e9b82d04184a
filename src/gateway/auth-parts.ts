import type { FastifyBaseLogger } from 'fastify';
import { NO_ACCOUNTS } from '../auth/access-policy.ts';
import { Accounts } from '../auth/accounts/accounts.ts';
import type { AccountsConfig } from '../auth/accounts-config.ts';
import { Admission } from '../auth/admission.ts';
import { AuditLog } from '../auth/audit-log.ts';
import { OpenDoors } from '../auth/open-doors.ts';
import { singleUserKey } from '../auth/single-user-key.ts';
import { Tickets } from '../auth/tickets.ts';
import { secretKeys } from '../auth/tokens/secret-keys.ts';
import { accountFiles, dataFolders } from '../config/data-folders.ts';
import type { GatewaySettings } from '../config/process-settings.ts';
import type { GatewaySecrets } from '../config/secrets.ts';
import type { Parts } from '../routes/declaration.ts';
import type { OpenedAccounts } from './accounts-store.ts';

export interface RunningAuthParts extends Pick<
  Parts,
  'accounts' | 'admission' | 'allowAnonymousAccess' | 'audit' | 'openDoors' | 'tickets'
> {
  start(): void;
  close(): Promise<void>;
}

/**
 * Makes what says who asks. With providers of authentication there are accounts, and the single user's key opens nothing.
 * @throws RangeError for a weak secret key or a single-user key that cannot stand in a URL
 */
export function makeAuthParts(
  settings: GatewaySettings,
  secrets: GatewaySecrets,
  log: FastifyBaseLogger,
  opened: OpenedAccounts | null,
): RunningAuthParts {
  const keysOf = ({ secretKeys: configured }: AccountsConfig) =>
    secretKeys(configured.length > 0 ? configured : secrets.secretKeys, accountFiles(settings.data_dir).secretKey);
  const onError = (err: unknown) => log.error({ err }, 'accounts');
  const tickets = new Tickets();
  const audit = new AuditLog(dataFolders(settings.data_dir).auditFile);
  const store = opened?.store ?? null;
  const policy = opened?.config.policy ?? NO_ACCOUNTS;
  const accounts =
    opened === null || store === null
      ? null
      : new Accounts({ config: opened.config, secretKeys: keysOf(opened.config), store, audit, onError });
  const admission = new Admission({
    accounts,
    key: accounts === null ? singleUserKey(secrets.singleUserApiKey, settings.single_user_key_file) : null,
    tickets,
    policy,
    allowAnonymousAccess: settings.allow_anonymous_access,
  });
  const openDoors = new OpenDoors((principal) => admission.review(principal), onError);
  store?.onChange((change) => openDoors.changed(change));
  const leavePolicy = policy.onChange(() => openDoors.reviewAll());
  return {
    accounts,
    admission,
    allowAnonymousAccess: settings.allow_anonymous_access,
    audit,
    openDoors,
    tickets,
    start: () => accounts?.start(),
    async close() {
      leavePolicy();
      await accounts?.close();
      audit.close();
    },
  };
}

import type { ApiKeys } from '../../auth/accounts/api-keys.ts';
import type { Audit } from '../../auth/audit-log.ts';
import type { AuthStore } from '../../auth/store/store.ts';
import type { ResolvedSettings } from '../../config/setting.ts';
import type { KEYS_SETTINGS } from '../../config/tool-settings.ts';

/** What the actions of `beamgate keys` are made of. */
export interface KeysParts {
  readonly store: AuthStore;
  readonly keys: ApiKeys;
  readonly audit: Audit;
  readonly by: { readonly name: string };
  readonly values: ResolvedSettings<typeof KEYS_SETTINGS>;
}

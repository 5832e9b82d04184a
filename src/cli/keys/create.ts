import { randomUUID } from 'node:crypto';
import { LONGEST_KEY_SECONDS } from '../../auth/accounts/api-keys.ts';
import { INHERIT } from '../../auth/principal.ts';
import { ROLES } from '../../auth/roles.ts';
import type { AuthStore, StoredPrincipal } from '../../auth/store/store.ts';
import { integerOf, SettingRefused } from '../../config/setting.ts';
import type { KeysParts } from './parts.ts';

/**
 * Makes a key and prints its secret, alone on stdout. Its user need not have signed in before; what the key may is at most
 * what the access policy of the gateway gives them.
 */
export async function createKey({ store, keys, by, values }: KeysParts): Promise<void> {
  const { provider, user, note, scopes, expiresIn } = values;
  if (provider.value === null || user.value === null) {
    throw new SettingRefused('keys create needs --provider and --user: whose key it will be');
  }
  const wanted = {
    scopes: scopes.value === null ? null : scopesIn(scopes.value),
    expiresIn:
      expiresIn.value === null ? null : integerOf('--expires-in', expiresIn, { min: 1, max: LONGEST_KEY_SECONDS }),
    note: note.value,
  };
  const { uuid } = await principalOf(store, provider.value, user.value);
  const owner = { principal: uuid, scopes: new Set(wanted.scopes) };
  const { key, secret } = await keys.make(owner, wanted, by);
  console.error(
    `A key for ${provider.value}/${user.value}, shown this once; revoke it by: beamgate keys revoke ${key.firstEight}`,
  );
  console.log(secret);
}

async function principalOf(store: AuthStore, provider: string, id: string): Promise<StoredPrincipal> {
  const known = await store.principalOf(provider, id);
  if (known !== null) return known;
  const identities = [{ provider, id, groups: [], latestLogin: null }];
  const principal: StoredPrincipal = { uuid: randomUUID(), type: 'user', isDisabled: false, identities };
  await store.takeOver([principal], []);
  return principal;
}

function scopesIn(text: string): string[] {
  const known = new Set<string>([INHERIT, ...Object.values(ROLES).flat()]);
  const scopes = text.split(',').map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !known.has(scope));
  if (unknown === undefined) return scopes;
  throw new SettingRefused(`--scopes must be among ${[...known].toSorted().join(', ')}, received '${unknown}'`);
}

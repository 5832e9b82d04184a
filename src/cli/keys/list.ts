import type { AuthStore, StoredKey, StoredPrincipal } from '../../auth/store/store.ts';

/** One line a key: whose it is, what it may, until when, when it was used last. */
export async function listKeys(store: AuthStore): Promise<void> {
  const lines = [];
  for (const principal of await store.principals()) {
    for (const key of await store.keysOf(principal.uuid)) lines.push(lineOf(principal, key));
  }
  console.log(lines.length === 0 ? 'There are no API keys.' : lines.join('\n'));
}

function lineOf({ identities, isDisabled }: StoredPrincipal, key: StoredKey): string {
  const owner = identities.map(({ provider, id }) => `${provider}/${id}`).join(',');
  const words = [
    key.firstEight,
    `${owner}${isDisabled ? ' (disabled)' : ''}`.padEnd(24),
    `until ${key.expiresAt === null ? 'revoked' : timeText(key.expiresAt)}`,
    `used ${key.latestActivity === null ? 'never' : timeText(key.latestActivity)}`,
    key.scopes.join(','),
    key.note ?? '',
  ];
  return words.join('  ').trimEnd();
}

const timeText = (at: number): string => new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');

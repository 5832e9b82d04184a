import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { combined } from '../../src/auth/access/api-access.ts';
import { dictionaryAccess } from '../../src/auth/access/table-access.ts';
import { oneGroup } from '../../src/auth/access/resource-access.ts';
import type { AccessPolicy } from '../../src/auth/access-policy.ts';
import type { AccountsConfig } from '../../src/auth/accounts-config.ts';
import { DictionaryAuthenticator } from '../../src/auth/authenticators/dictionary.ts';
import type { GatewaySettings } from '../../src/config/process-settings.ts';
import type { TokenPair } from '../../src/auth/tokens/tokens.ts';
import { startGateway } from './gateway.ts';

export const SECRET_KEY = '00112233445566778899aabbccddeeff';

type Users = Exclude<Parameters<typeof dictionaryAccess>[0]['users'], undefined>;

/** The original's dictionary policy, whose users can change while it is asked, as one does that learns from a server. */
export class ChangingPolicy implements AccessPolicy {
  #policy: AccessPolicy;
  readonly #listeners = new Set<() => void>();

  constructor(users: Users) {
    this.#policy = combined(dictionaryAccess({ users }), oneGroup({}));
  }

  become(users: Users): void {
    this.#policy = combined(dictionaryAccess({ users }), oneGroup({}));
    for (const listener of this.#listeners) listener();
  }

  isKnown: AccessPolicy['isKnown'] = (user) => this.#policy.isKnown(user);
  rolesOf: AccessPolicy['rolesOf'] = (user) => this.#policy.rolesOf(user);
  scopesOf: AccessPolicy['scopesOf'] = (user) => this.#policy.scopesOf(user);
  groupsOf: AccessPolicy['groupsOf'] = (user) => this.#policy.groupsOf(user);
  displayedNameOf: AccessPolicy['displayedNameOf'] = (user) => this.#policy.displayedNameOf(user);
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Those of the recorded conversations, and of the original's own tests. */
export const USERS = {
  bob: { roles: ['admin', 'expert'], email: 'bob@gmail.com' },
  alice: { roles: 'user', displayed_name: 'Alice' },
  tom: { roles: 'observer' },
};
const PASSWORDS = { bob: 'bob_password', alice: 'alice_password', tom: 'tom_password', cara: 'cara_password' };

/** Four users of a provider `toy`, one of whom the policy does not know. */
export const accountsConfig = (given: Partial<AccountsConfig> = {}): AccountsConfig => ({
  providers: [{ name: 'toy', authenticator: new DictionaryAuthenticator(PASSWORDS) }],
  policy: new ChangingPolicy(USERS),
  secretKeys: [SECRET_KEY],
  lifetimes: { access_token_max_age: 900, refresh_token_max_age: 604_800, session_max_age: 31_536_000 },
  ...given,
});

type Name = keyof typeof PASSWORDS;
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A gateway with accounts in front of a scripted manager. */
export async function startAccounts(
  given: Partial<AccountsConfig> = {},
  settings: Partial<GatewaySettings> = {},
  accountsRedis: string | null = null,
) {
  const dataDir = settings.data_dir ?? mkdtempSync(join(tmpdir(), 'accounts-'));
  const gateway = await startGateway(
    undefined,
    { data_dir: dataDir, ...settings },
    { accounts: accountsConfig(given), accountsRedis },
  );

  const call = async (method: string, path: string, credential = '', body?: unknown): Promise<Answer> => {
    const isForm = body instanceof URLSearchParams;
    const reply = await fetch(gateway.url + path, {
      method,
      headers: {
        ...(credential === '' ? {} : { authorization: credential }),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> };
  };
  const attempt = (username: string, password: string) =>
    call('POST', '/api/auth/provider/toy/token', '', new URLSearchParams({ username, password }));

  return {
    ...gateway,
    call,
    attempt,
    dataDir,
    async signIn(name: Name): Promise<TokenPair & { readonly bearer: string }> {
      const { body } = await attempt(name, PASSWORDS[name]);
      const pair = body as unknown as TokenPair;
      return { ...pair, bearer: `Bearer ${pair.access_token}` };
    },
    /** The secret and the first eight digits of a new key. */
    async makeKey(bearer: string, wanted: object = {}) {
      const { body } = await call('POST', '/api/auth/apikey', bearer, { expires_in: 900, ...wanted });
      const { secret, first_eight } = body as { secret: string; first_eight: string };
      return { secret, firstEight: first_eight, header: `ApiKey ${secret}` };
    },
    uuidOf: async (bearer: string) => (await call('GET', '/api/auth/whoami', bearer)).body.uuid as string,
    audit: () =>
      readFileSync(join(dataDir, 'logs', 'audit.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      if (settings.data_dir === undefined) rmSync(dataDir, { recursive: true });
    },
  };
}

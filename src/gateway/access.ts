import { combined } from '../auth/access/api-access.ts';
import type { ApiAccess } from '../auth/access/api-access.ts';
import { mappedGroups, oneGroup } from '../auth/access/resource-access.ts';
import type { ResourceAccess } from '../auth/access/resource-access.ts';
import { serverAccess } from '../auth/access/server-access.ts';
import type { LogError } from '../auth/access/server-access.ts';
import { basicAccess, dictionaryAccess, groupAccess } from '../auth/access/table-access.ts';
import { PolicyRefused } from '../auth/access/policy-refused.ts';
import type { AccountsConfig, Lifetimes } from '../auth/accounts-config.ts';
import type { Authenticator } from '../auth/authenticators/authenticator.ts';
import { DictionaryAuthenticator } from '../auth/authenticators/dictionary.ts';
import { DummyAuthenticator } from '../auth/authenticators/dummy.ts';
import { LdapAuthenticator } from '../auth/authenticators/ldap/ldap-authenticator.ts';
import { OidcAuthenticator } from '../auth/authenticators/oidc/oidc-authenticator.ts';
import type { ApiPolicyKind, AuthenticatorKind, ResourcePolicyKind } from '../config/gateway-config/class-names.ts';
import { isDict } from '../lib/python-text/py-value.ts';
import type { PyValue } from '../lib/python-text/py-value.ts';
import type { GatewayConfig } from '../config/gateway-config/gateway-config.ts';

/** What users may do, as the configuration has it. */
export interface ConfiguredAccess {
  readonly api: ApiAccess;
  readonly accounts: AccountsConfig;
}

/** Makes the policies and authenticators that a configuration names. @throws PolicyRefused, TypeError for arguments that make none */
export function configuredAccess(
  config: GatewayConfig,
  { lifetimes, onError }: { lifetimes: Lifetimes; onError: LogError },
): ConfiguredAccess {
  const api = API_POLICIES[config.apiAccess.kind](config.apiAccess.args, onError);
  return {
    api,
    accounts: {
      providers: config.providers.map(({ provider: name, kind, args }) => ({
        name,
        authenticator: AUTHENTICATORS[kind](args),
      })),
      policy: combined(api, RESOURCE_POLICIES[config.resourceAccess.kind](config.resourceAccess.args)),
      secretKeys: config.secretKeys,
      lifetimes,
    },
  };
}

type Arguments = Readonly<Record<string, PyValue>>;

const AUTHENTICATORS: Readonly<Record<AuthenticatorKind, (args: Arguments) => Authenticator>> = {
  dummy: () => new DummyAuthenticator(),
  dictionary: (args) => new DictionaryAuthenticator(passwordsOf(args.users_to_passwords)),
  ldap: (args) => new LdapAuthenticator(args),
  pam: () => {
    throw new PolicyRefused('PAMAuthenticator is not served yet: use LDAPAuthenticator, or DictionaryAuthenticator');
  },
  oidc: (args) => new OidcAuthenticator(args),
};

const API_POLICIES: Readonly<Record<ApiPolicyKind, (args: Arguments, onError: LogError) => ApiAccess>> = {
  basic: basicAccess,
  dictionary: dictionaryAccess,
  server: serverAccess,
  groups: groupAccess,
};

const RESOURCE_POLICIES: Readonly<Record<ResourcePolicyKind, (args: Arguments) => ResourceAccess>> = {
  'one-group': oneGroup,
  groups: mappedGroups,
};

/** @throws PolicyRefused, without a password in its sentence */
function passwordsOf(users: PyValue | undefined): Record<string, string> {
  if (users === undefined || !isDict(users)) {
    throw new PolicyRefused("DictionaryAuthenticator: 'users_to_passwords' must give each user a password");
  }
  const texts = Object.entries(users).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const other = Object.keys(users).find((name) => typeof users[name] !== 'string');
  if (other === undefined) return Object.fromEntries(texts);
  throw new PolicyRefused(`DictionaryAuthenticator: the password of '${other}' must be a text: write it in quotes`);
}

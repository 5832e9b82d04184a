import { repr } from '../../lib/python-text/repr.ts';
import type { PyValue } from '../../lib/python-text/py-value.ts';
import { SettingRefused } from '../setting.ts';

/** What stands for a Python class here. */
export interface NamedClass<Kind extends string> {
  readonly kind: Kind;
  /** By name, the required ones first, as the original's constructor has them. */
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** Classes that may stand in one place of the configuration. */
export interface Family<Kind extends string> {
  /** As it is called in a refusal. */
  readonly what: string;
  readonly modules: readonly string[];
  readonly classes: Readonly<Record<string, NamedClass<Kind>>>;
  /** Classes that are known and cannot be had, and what to take instead. */
  readonly refused: Readonly<Record<string, string>>;
  readonly instead: string;
}

const named = <Kind extends string>(
  kind: Kind,
  required: readonly string[] = [],
  optional: readonly string[] = [],
): NamedClass<Kind> => ({ kind, required, optional });

export type AuthenticatorKind = 'dummy' | 'dictionary' | 'pam' | 'ldap' | 'oidc';
export const AUTHENTICATORS: Family<AuthenticatorKind> = {
  what: 'authenticator',
  modules: ['bluesky_httpserver.authenticators'],
  classes: {
    DummyAuthenticator: named('dummy'),
    DictionaryAuthenticator: named('dictionary', ['users_to_passwords']),
    PAMAuthenticator: named('pam', [], ['service']),
    LDAPAuthenticator: named(
      'ldap',
      ['server_address'],
      [
        'server_port',
        'use_ssl',
        'use_tls',
        'connect_timeout',
        'receive_timeout',
        'bind_dn_template',
        'allowed_groups',
        'valid_username_regex',
        'lookup_dn',
        'user_search_base',
        'user_attribute',
        'lookup_dn_search_filter',
        'lookup_dn_search_user',
        'lookup_dn_search_password',
        'lookup_dn_user_dn_attribute',
        'escape_userdn',
        'search_filter',
        'attributes',
        'auth_state_attributes',
        'use_lookup_dn_username',
        'group_search_base',
        'group_search_filter',
        'tls_ca_file',
      ],
    ),
    OIDCAuthenticator: named(
      'oidc',
      ['client_id', 'client_secret', 'redirect_uri'],
      [
        'issuer',
        'scope',
        'username_claim',
        'groups_claim',
        'device_authorization',
        'confirmation_message',
        // Found by discovery; the original needs them written down.
        'public_keys',
        'token_uri',
        'authorization_endpoint',
      ],
    ),
  },
  refused: {
    SAMLAuthenticator:
      'SAML is not served: use OIDCAuthenticator, which most identity providers that speak SAML offer, too',
  },
  instead: 'use LDAPAuthenticator or OIDCAuthenticator',
};

export type ApiPolicyKind = 'basic' | 'dictionary' | 'server' | 'groups';
export const API_POLICIES: Family<ApiPolicyKind> = {
  what: 'API access policy',
  modules: ['bluesky_httpserver.authorization', 'bluesky_httpserver.authorization.api_access', 'beamgate'],
  classes: {
    BasicAPIAccessControl: named('basic', [], ['roles']),
    DictionaryAPIAccessControl: named('dictionary', [], ['roles', 'users']),
    ServerBasedAPIAccessControl: named(
      'server',
      [],
      ['instrument', 'roles', 'base_url', 'server', 'port', 'update_period', 'expiration_period', 'http_timeout'],
    ),
    APIAccessControl: named('groups', [], ['role_table', 'roles', 'users', 'groups', 'everybody']),
  },
  refused: {},
  instead:
    'use beamgate:APIAccessControl, which gives roles by name and by group, or let ServerBasedAPIAccessControl ask a server of yours',
};

export type ResourcePolicyKind = 'one-group' | 'groups';
export const RESOURCE_POLICIES: Family<ResourcePolicyKind> = {
  what: 'resource access policy',
  modules: ['bluesky_httpserver.authorization', 'bluesky_httpserver.authorization.resource_access', 'beamgate'],
  classes: {
    DefaultResourceAccessControl: named('one-group', [], ['default_group']),
    // As it was called in older versions.
    SingleGroupResourceAccessControl: named('one-group', [], ['default_group']),
    ResourceAccessControl: named('groups', [], ['default_group', 'users', 'groups']),
  },
  refused: {},
  instead: 'use beamgate:ResourceAccessControl, which gives groups by name and by membership',
};

/** A class as a configuration names it, by our name, with its arguments. */
export interface ClassSpec<Kind extends string> {
  readonly kind: Kind;
  readonly args: Readonly<Record<string, PyValue>>;
}

/**
 * What stands here for `package.module:Class`, and whether it takes these arguments.
 * @throws SettingRefused in Python's words for a path, class or argument that the original would refuse; naming the
 *   alternative for a class that only Python can run
 */
export function classSpec<Kind extends string>(
  family: Family<Kind>,
  path: string,
  args: Readonly<Record<string, PyValue>>,
): ClassSpec<Kind> {
  const [module = '', ...rest] = path.split(':');
  const name = rest.join(':');
  if (![...module.split('.'), ...name.split('.')].every((part) => IDENTIFIER.test(part))) {
    throw new SettingRefused(
      'Expected string formatted like:\n\n    package_name.module_name:object_name\n\n' +
        `Notice *dots* between modules and a *colon* before the object name. Received:\n\n${repr(path)}`,
    );
  }
  if (!family.modules.includes(module)) {
    throw new SettingRefused(
      `The ${family.what} ${repr(path)} is a Python class, which this gateway cannot run: ${family.instead}`,
    );
  }
  const refusal = Object.hasOwn(family.refused, name) ? family.refused[name] : undefined;
  if (refusal !== undefined) throw new SettingRefused(`${name}: ${refusal}`);
  const found = Object.hasOwn(family.classes, name) ? family.classes[name] : undefined;
  if (found === undefined) throw new SettingRefused(`module ${repr(module)} has no attribute ${repr(name)}`);
  checkNames(name, found, args);
  return { kind: found.kind, args };
}

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

function checkNames(
  name: string,
  { required, optional }: NamedClass<string>,
  args: Readonly<Record<string, PyValue>>,
): void {
  const unexpected = Object.keys(args).find((key) => !required.includes(key) && !optional.includes(key));
  if (unexpected !== undefined) {
    throw new SettingRefused(`${name}.__init__() got an unexpected keyword argument ${repr(unexpected)}`);
  }
  const missing = required.filter((key) => !Object.hasOwn(args, key)).map(repr);
  if (missing.length === 0) return;
  const last = missing.length > 2 ? `${missing.slice(0, -1).join(', ')}, and ${missing.at(-1)}` : missing.join(' and ');
  throw new SettingRefused(
    `${name}.__init__() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${last}`,
  );
}

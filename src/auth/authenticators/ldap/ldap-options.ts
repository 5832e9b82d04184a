import { readFileSync } from 'node:fs';
import { judge } from '../../../lib/json-schema/judge.ts';
import type { Schema } from '../../../lib/json-schema/schema.ts';
import { pattern } from '../../../lib/python-regex/pattern.ts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import { repr } from '../../../lib/python-text/repr.ts';
import type { ServerOptions } from './directory.ts';
import { template } from './template.ts';
import type { Template } from './template.ts';

/** How one directory is asked. */
export interface LdapOptions {
  readonly servers: ServerOptions;
  /** What a user may sign in as: Python's `re.match`. */
  readonly isValidUserName: (userName: string) => boolean;
  /** DNs to try with the password, in this order. Empty: the DN that was looked up. */
  readonly userDns: readonly Template<'username'>[];
  readonly lookup: LookupOptions | null;
  /** Whoever it does not find just once may not sign in. */
  readonly searchFilter: Template<'userattr' | 'username'> | null;
  readonly userAttribute: string;
  readonly userSearchBase: string;
  /** Whoever is in none of them may not sign in; empty: whoever has a password may. */
  readonly allowedGroups: readonly string[];
  readonly groups: GroupOptions | null;
}

export interface LookupOptions {
  readonly filter: Template<'login_attr' | 'login'>;
  /** Who looks; '' is nobody. */
  readonly dn: string;
  readonly password: string;
  /** Holds the name by which the user is known from then on. */
  readonly nameAttribute: string;
  /** Otherwise the user stays known as they signed in. */
  readonly isUserName: boolean;
}

/** Where to look for all groups of a user; without it the user's own entry and `allowedGroups` tell. */
export interface GroupOptions {
  readonly base: string;
  readonly filter: Template<'userdn' | 'username'>;
}

const TEXT: Schema = { type: 'string' };
const TEXT_OR_NOTHING: Schema = { type: ['string', 'null'] };
const TEXTS: Schema = { oneOf: [TEXT, { type: 'array', items: TEXT }, { type: 'null' }] };
const YES_OR_NO: Schema = { type: 'boolean' };
const ARGUMENTS: Schema = {
  type: 'object',
  required: ['server_address'],
  properties: {
    server_address: { oneOf: [TEXT, { type: 'array', items: TEXT }] },
    server_port: { type: ['integer', 'null'] },
    use_ssl: YES_OR_NO,
    use_tls: YES_OR_NO,
    tls_ca_file: TEXT_OR_NOTHING,
    tls_verify: YES_OR_NO,
    connect_timeout: { type: 'number' },
    receive_timeout: { type: 'number' },
    bind_dn_template: TEXTS,
    allowed_groups: TEXTS,
    valid_username_regex: TEXT,
    lookup_dn: YES_OR_NO,
    user_search_base: TEXT_OR_NOTHING,
    user_attribute: TEXT_OR_NOTHING,
    lookup_dn_search_filter: TEXT_OR_NOTHING,
    lookup_dn_search_user: TEXT_OR_NOTHING,
    lookup_dn_search_password: TEXT_OR_NOTHING,
    lookup_dn_user_dn_attribute: TEXT_OR_NOTHING,
    escape_userdn: YES_OR_NO,
    search_filter: TEXT_OR_NOTHING,
    use_lookup_dn_username: YES_OR_NO,
    group_search_base: TEXT_OR_NOTHING,
    group_search_filter: TEXT,
  },
};

interface Arguments {
  readonly server_address: string | readonly string[];
  readonly server_port?: number | null;
  readonly use_ssl?: boolean;
  readonly use_tls?: boolean;
  readonly tls_ca_file?: string | null;
  readonly tls_verify?: boolean;
  readonly connect_timeout?: number;
  readonly receive_timeout?: number;
  readonly bind_dn_template?: string | readonly string[] | null;
  readonly allowed_groups?: string | readonly string[] | null;
  readonly valid_username_regex?: string;
  readonly lookup_dn?: boolean;
  readonly user_search_base?: string | null;
  readonly user_attribute?: string | null;
  readonly lookup_dn_search_filter?: string | null;
  readonly lookup_dn_search_user?: string | null;
  readonly lookup_dn_search_password?: string | null;
  readonly lookup_dn_user_dn_attribute?: string | null;
  readonly escape_userdn?: boolean;
  readonly search_filter?: string | null;
  readonly use_lookup_dn_username?: boolean;
  readonly group_search_base?: string | null;
  readonly group_search_filter?: string;
}

const ANY_MEMBERSHIP = '(|(member={userdn})(uniqueMember={userdn})(memberUid={username}))';

/** @throws TypeError naming the argument, the rule and what was received; never a password */
export function ldapOptions(given: Readonly<Record<string, PyValue>>): LdapOptions {
  const violation = judge({ ...given }, ARGUMENTS);
  if (violation !== null) {
    const [name] = violation.at.instance;
    const shown = name === 'lookup_dn_search_password' ? 'it must be a text' : violation.summary;
    throw new TypeError(`LDAPAuthenticator: ${name === undefined ? '' : `'${name}': `}${shown}`);
  }
  // The check has just said so.
  const args = given as unknown as Arguments;
  const userDns = listOf(args.bind_dn_template).filter((dn) => dn !== '');
  if (!args.lookup_dn && userDns.length === 0) {
    throw new TypeError(
      "LDAPAuthenticator: either 'bind_dn_template' or 'lookup_dn' must be given: nobody could sign in",
    );
  }
  const base = args.group_search_base ?? '';
  return {
    servers: serversOf(args),
    isValidUserName: matching(args.valid_username_regex ?? '^[a-z][.a-z0-9_-]*$'),
    userDns: userDns.map((dn) => template('bind_dn_template', dn, ['username'])),
    lookup: args.lookup_dn ? lookupOf(args) : null,
    searchFilter: args.search_filter ? template('search_filter', args.search_filter, ['userattr', 'username']) : null,
    userAttribute: args.user_attribute ?? '',
    userSearchBase: args.user_search_base ?? '',
    allowedGroups: listOf(args.allowed_groups),
    groups:
      base === ''
        ? null
        : {
            base,
            filter: template('group_search_filter', args.group_search_filter ?? ANY_MEMBERSHIP, ['userdn', 'username']),
          },
  };
}

const listOf = (value: string | readonly string[] | null | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

function lookupOf(args: Arguments): LookupOptions {
  const nameAttribute = args.lookup_dn_user_dn_attribute ?? args.user_attribute ?? '';
  if (!args.user_search_base || !args.user_attribute) {
    throw new TypeError("LDAPAuthenticator: 'lookup_dn' needs 'user_search_base' and 'user_attribute'");
  }
  return {
    filter: template('lookup_dn_search_filter', args.lookup_dn_search_filter ?? '({login_attr}={login})', [
      'login_attr',
      'login',
    ]),
    dn: args.lookup_dn_search_user ?? '',
    password: args.lookup_dn_search_password ?? '',
    nameAttribute,
    isUserName: args.use_lookup_dn_username ?? true,
  };
}

/** Python's `re.match`: from the beginning on. */
function matching(text: string): (userName: string) => boolean {
  try {
    const wanted = pattern(`^(?:${text})`);
    return (userName) => wanted.isIn(userName);
  } catch (cause) {
    throw new TypeError(
      `LDAPAuthenticator: 'valid_username_regex': ${(cause as Error).message}, received ${repr(text)}`,
      {
        cause,
      },
    );
  }
}

function serversOf(args: Arguments): ServerOptions {
  const { use_ssl: isSsl = false, use_tls: isTls = true, tls_ca_file: ca, tls_verify: isChecked = true } = args;
  const addresses = listOf(args.server_address);
  if (addresses.length === 0) throw new TypeError("No servers are specified: 'server_address' is an empty list");
  const port = args.server_port ?? (isSsl ? 636 : 389);
  return {
    urls: addresses.map((address) => urlOf(address, isSsl, port)),
    startsTls: isTls && !isSsl,
    tls: { rejectUnauthorized: isChecked, ...(ca ? { ca: readFileSync(ca) } : {}) },
    connectTimeoutMs: (args.connect_timeout ?? 5) * 1000,
    receiveTimeoutMs: (args.receive_timeout ?? 60) * 1000,
  };
}

/** `host`, `host:port` and whole URLs; a port in the address goes before `server_port`. */
function urlOf(address: string, isSsl: boolean, port: number): string {
  const written = /^ldaps?:\/\//i.test(address) ? address : `${isSsl ? 'ldaps' : 'ldap'}://${address}`;
  if (!URL.canParse(written)) throw new TypeError(`LDAPAuthenticator: 'server_address': no address: ${repr(address)}`);
  const url = new URL(written);
  return `${url.protocol}//${url.hostname}:${url.port || port}`;
}

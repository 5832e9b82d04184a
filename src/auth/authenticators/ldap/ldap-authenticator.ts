import type { Entry } from 'ldapts';
import type { PyValue } from '../../../lib/python-text/py-value.ts';
import type { Authenticated, PasswordAuthenticator } from '../authenticator.ts';
import { isRefusal, openSession } from './directory.ts';
import type { Session } from './directory.ts';
import { ldapOptions } from './ldap-options.ts';
import type { LdapOptions, LookupOptions } from './ldap-options.ts';
import { inDn, inFilter } from './template.ts';

/** A user as the directory names them: `name` goes into templates, `dn` is null until it is known. */
interface Candidate {
  readonly name: string;
  readonly dn: string | null;
}

/** Names and passwords of an LDAP directory; which of its groups a user is in comes with them. */
export class LdapAuthenticator implements PasswordAuthenticator {
  readonly mode = 'password';
  readonly #options: LdapOptions;

  /** @throws TypeError for arguments that make no authenticator */
  constructor(args: Readonly<Record<string, PyValue>>) {
    this.#options = ldapOptions(args);
  }

  async authenticate(userName: string, password: string, signal: AbortSignal): Promise<Authenticated | undefined> {
    const { servers, lookup, isValidUserName } = this.#options;
    // A directory takes a blank password for nobody, and says yes.
    if (!isValidUserName(userName) || password.trim() === '') return undefined;
    const user = lookup === null ? { name: userName, dn: null } : await this.#lookUp(lookup, userName, signal);
    for (const dn of this.#dnsOf(user)) {
      const session = await openSession(servers, { dn, password }, signal);
      if (session === undefined) continue;
      try {
        if (!(await this.#isFoundOnce(session, user.name))) return undefined;
        const groups = await this.#groupsOf(session, dn, user.name);
        return groups && { userName: lookup?.isUserName === false ? userName : user.name, groups };
      } finally {
        session.close();
      }
    }
    return undefined;
  }

  async #lookUp(lookup: LookupOptions, userName: string, signal: AbortSignal): Promise<Candidate> {
    const { servers, userAttribute, userSearchBase } = this.#options;
    const session = await openSession(servers, lookup, signal);
    if (session === undefined) throw new Error(`The LDAP directory refuses its search user '${lookup.dn}'`);
    const filter = lookup.filter({ login_attr: userAttribute, login: userName }, inFilter);
    const [entry] = await session
      .search(userSearchBase, { scope: 'sub', filter, attributes: [lookup.nameAttribute] })
      .finally(() => session.close());
    const name = entry === undefined ? undefined : valuesOf(entry, lookup.nameAttribute)[0];
    // Somebody who is not there: their password is judged all the same, so that the time it takes tells nothing.
    if (entry === undefined || name === undefined) return { name: userName, dn: `cn=nobody,${userSearchBase}` };
    return { name, dn: entry.dn };
  }

  #dnsOf({ name, dn }: Candidate): readonly string[] {
    const { userDns } = this.#options;
    if (userDns.length === 0) return dn === null ? [] : [dn];
    return userDns.map((template) => template({ username: name }, inDn));
  }

  async #isFoundOnce(session: Session, name: string): Promise<boolean> {
    const { searchFilter, userAttribute, userSearchBase } = this.#options;
    if (searchFilter === null) return true;
    const filter = searchFilter({ userattr: userAttribute, username: name }, inFilter);
    return (await session.search(userSearchBase, { scope: 'sub', filter, attributes: ['1.1'] })).length === 1;
  }

  /** By their DNs; undefined for whoever is in none of the groups of which they must be in one. */
  async #groupsOf(session: Session, dn: string, name: string): Promise<readonly string[] | undefined> {
    const { allowedGroups, groups } = this.#options;
    const values = { userdn: dn, username: name };
    const allowed: string[] = [];
    for (const group of allowedGroups) {
      const filter = membership(dn, name);
      if ((await found(session, group, { scope: 'base', filter, attributes: ['1.1'] })).length > 0) allowed.push(group);
    }
    if (allowedGroups.length > 0 && allowed.length === 0) return undefined;
    const own = await found(session, dn, { scope: 'base', filter: '(objectClass=*)', attributes: ['memberOf'] });
    const searched =
      groups === null
        ? []
        : await found(session, groups.base, {
            scope: 'sub',
            filter: groups.filter(values, inFilter),
            attributes: ['1.1'],
          });
    return [
      ...new Set([...allowed, ...own.flatMap((entry) => valuesOf(entry, 'memberOf')), ...searched.map(({ dn }) => dn)]),
    ];
  }
}

const membership = (dn: string, name: string): string =>
  `(|(member=${inFilter(dn)})(uniqueMember=${inFilter(dn)})(memberUid=${inFilter(name)}))`;

/** What a user may not see, or what is not there, is a group they are not in. */
async function found(session: Session, ...[base, options]: Parameters<Session['search']>): Promise<Entry[]> {
  try {
    return await session.search(base, options);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

/** Directories write names of attributes in letters of their own choice. */
function valuesOf(entry: Entry, attribute: string): string[] {
  const key = Object.keys(entry).find((name) => name.toLowerCase() === attribute.toLowerCase());
  const value = key === undefined ? [] : (entry[key] ?? []);
  return [value].flat().map(String);
}

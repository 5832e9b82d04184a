import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LdapAuthenticator } from '../../src/auth/authenticators/ldap/ldap-authenticator.ts';
import type { PyDict } from '../../src/lib/python-text/py-value.ts';
import { freePort } from '../support/epics/free-port.ts';
import { BASE, startSlapd } from '../support/ldap/slapd.ts';

let slapd: Awaited<ReturnType<typeof startSlapd>>;
beforeAll(async () => {
  slapd = await startSlapd();
});
afterAll(() => slapd[Symbol.asyncDispose]());

const PEOPLE = `ou=people,${BASE}`;
const STAFF = `cn=staff,ou=groups,${BASE}`;
const USERS = `cn=users,ou=groups,${BASE}`;
const UNIX = `cn=unix,ou=groups,${BASE}`;
const NEVER = new AbortController().signal;

/** As a configuration names it: a DN by template, over StartTLS. */
const byTemplate = (args: PyDict = {}) =>
  new LdapAuthenticator({
    server_address: 'localhost',
    server_port: slapd.port,
    tls_ca_file: slapd.caFile,
    bind_dn_template: `cn={username},${PEOPLE}`,
    ...args,
  });

/** A DN that is looked up by `uid`. */
const byLookup = (args: PyDict = {}) =>
  byTemplate({
    bind_dn_template: null,
    lookup_dn: true,
    user_search_base: PEOPLE,
    user_attribute: 'uid',
    lookup_dn_user_dn_attribute: 'cn',
    lookup_dn_search_user: `cn=finder,${BASE}`,
    lookup_dn_search_password: 'finder-password',
    ...args,
  });

describe('a DN by template', () => {
  test('the right password signs in', async () => {
    expect(await byTemplate().authenticate('alice', 'alice-password', NEVER)).toEqual({
      userName: 'alice',
      groups: [],
    });
  });

  test.each([
    ['a wrong password', 'alice', 'nonsense'],
    ['a blank password, which a directory takes for nobody', 'alice', '  '],
    ['a name that is not there', 'eve', 'alice-password'],
    ['a name that is not allowed', 'Alice', 'alice-password'],
  ])('%s does not', async (_, userName, password) => {
    expect(await byTemplate().authenticate(userName, password, NEVER)).toBeUndefined();
  });

  test('several templates are tried in their order', async () => {
    const authenticator = byTemplate({ bind_dn_template: [`cn={username},${BASE}`, `cn={username},${PEOPLE}`] });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toMatchObject({ userName: 'alice' });
  });

  test('what is typed stays one name, whatever letters are allowed', async () => {
    const authenticator = byTemplate({ valid_username_regex: '.*', bind_dn_template: `cn={username},${BASE}` });
    expect(await authenticator.authenticate('alice,ou=people', 'alice-password', NEVER)).toBeUndefined();
  });
});

describe('a DN that is looked up', () => {
  test('is found by another attribute, and the user is known by the name that stands there', async () => {
    expect(await byLookup().authenticate('bob', 'bob-password', NEVER)).toMatchObject({ userName: 'Builder, Bob' });
  });

  test('the user may stay known as they signed in', async () => {
    const authenticator = byLookup({ use_lookup_dn_username: false });
    expect(await authenticator.authenticate('bob', 'bob-password', NEVER)).toMatchObject({ userName: 'bob' });
  });

  test('the name that was found goes into a template, with its comma', async () => {
    const authenticator = byLookup({ bind_dn_template: `cn={username},${PEOPLE}` });
    expect(await authenticator.authenticate('bob', 'bob-password', NEVER)).toMatchObject({ userName: 'Builder, Bob' });
  });

  test('a wrong password and a name that is not there are both refused', async () => {
    expect(await byLookup().authenticate('bob', 'alice-password', NEVER)).toBeUndefined();
    expect(await byLookup().authenticate('eve', 'bob-password', NEVER)).toBeUndefined();
  });

  test('what is typed is no filter', async () => {
    const authenticator = byLookup({ valid_username_regex: '.*' });
    expect(await authenticator.authenticate('a*', 'alice-password', NEVER)).toBeUndefined();
    expect(await authenticator.authenticate('x)(uid=alice', 'alice-password', NEVER)).toBeUndefined();
  });

  test('a search user that the directory refuses is trouble, not a wrong password', async () => {
    const authenticator = byLookup({ lookup_dn_search_password: 'nonsense' });
    await expect(authenticator.authenticate('bob', 'bob-password', NEVER)).rejects.toThrow(`cn=finder,${BASE}`);
  });

  test('a search filter lets in only whom it finds', async () => {
    const authenticator = byLookup({ search_filter: '(&(uid=alice)(cn={username}))' });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toMatchObject({ userName: 'alice' });
    expect(await authenticator.authenticate('bob', 'bob-password', NEVER)).toBeUndefined();
  });
});

describe('groups', () => {
  test('only members of an allowed group sign in, and the group is told', async () => {
    const authenticator = byLookup({ allowed_groups: [STAFF, UNIX] });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toEqual({
      userName: 'alice',
      groups: [STAFF, UNIX],
    });
    expect(await authenticator.authenticate('bob', 'bob-password', NEVER)).toBeUndefined();
  });

  test('a group that is not there has no members', async () => {
    const authenticator = byTemplate({ allowed_groups: [`cn=ghosts,ou=groups,${BASE}`] });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toBeUndefined();
  });

  test('all groups below a base are found, whatever way they name their members', async () => {
    const authenticator = byLookup({ group_search_base: `ou=groups,${BASE}`, use_lookup_dn_username: false });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toEqual({
      userName: 'alice',
      // In any order, as directories answer.
      groups: expect.toSatisfy(
        (groups: string[]) => new Set(groups).symmetricDifference(new Set([STAFF, UNIX])).size === 0,
      ),
    });
    expect(await authenticator.authenticate('bob', 'bob-password', NEVER)).toEqual({
      userName: 'bob',
      groups: [USERS],
    });
  });
});

describe('servers', () => {
  test('a server that is away is passed over', async () => {
    const authenticator = byTemplate({ server_address: [`localhost:${await freePort()}`, `localhost:${slapd.port}`] });
    for (let n = 0; n < 4; n++) {
      expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toMatchObject({ userName: 'alice' });
    }
  });

  test('when none answers that is said, each by its address', async () => {
    const port = await freePort();
    const authenticator = byTemplate({ server_address: `localhost:${port}` });
    await expect(authenticator.authenticate('alice', 'alice-password', NEVER)).rejects.toThrow(
      new RegExp(`No LDAP server answers: ldap://localhost:${port}: `),
    );
  });

  test('TLS from the first byte works as StartTLS does', async () => {
    const authenticator = byTemplate({ use_ssl: true, server_port: slapd.tlsPort });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toMatchObject({ userName: 'alice' });
  });

  test.each(['use_ssl', 'use_tls'])(
    'with %s a certificate that nobody vouches for ends it before the password',
    async (how) => {
      const port = how === 'use_ssl' ? slapd.tlsPort : slapd.port;
      const authenticator = byTemplate({ [how]: true, server_port: port, tls_ca_file: null });
      await expect(authenticator.authenticate('alice', 'alice-password', NEVER)).rejects.toThrow(
        'self-signed certificate',
      );
    },
  );

  test('without TLS, where that is asked for, the connection is plain', async () => {
    const authenticator = byTemplate({ use_tls: false });
    expect(await authenticator.authenticate('alice', 'alice-password', NEVER)).toMatchObject({ userName: 'alice' });
  });

  test('whoever waits for a server that says nothing can be called off', async () => {
    await using silent = await silentServer();
    const calledOff = new AbortController();
    const answer = byTemplate({ server_address: 'localhost', server_port: silent.port }).authenticate(
      'alice',
      'alice-password',
      calledOff.signal,
    );
    await silent.reached;
    calledOff.abort(new Error('called off'));
    await expect(answer).rejects.toThrow('called off');
  });
});

/** It takes connections and never says a word. */
async function silentServer() {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.once('data', () => resolve());
    socket.on('error', () => undefined);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    reached,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

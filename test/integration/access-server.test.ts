import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { User } from '../../src/auth/access-policy.ts';
import { serverAccess } from '../../src/auth/access/server-access.ts';
import type { PyDict } from '../../src/lib/python-text/py-value.ts';

const user = (userName: string): User => ({ userName, provider: 'ldap', groups: [] });

/** An access server that answers what it is told to, and a policy that asks it. */
async function anAccessServer(args: PyDict = {}) {
  const state = { status: 200, answer: {} as unknown, asked: [] as (string | undefined)[] };
  const server = createServer((request, reply) => {
    state.asked.push(request.url);
    reply.statusCode = state.status;
    reply.end(JSON.stringify(state.answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const errors: string[] = [];
  const access = serverAccess({ instrument: 'TES', server: '127.0.0.1', port, ...args }, (error) => errors.push(error));
  return {
    state,
    access,
    errors,
    async [Symbol.asyncDispose]() {
      access.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const BOB = { bob: { email: 'bob@example.org', first_name: 'Bob', last_name: 'Builder' } };

test('the policy asks for its instrument in small letters, and a user has every role that names them', async () => {
  await using server = await anAccessServer();
  server.state.answer = { expert: BOB, admin: { bob: {} }, user: {} };

  await server.access.update();

  expect(server.state.asked).toEqual(['/instrument/tes/qserver/access']);
  expect(server.access.rolesOf(user('bob'))).toEqual(['expert', 'admin']);
  expect(server.access.displayedNameOf(user('bob'))).toBe('bob "Bob Builder <bob@example.org>"');
  expect(server.access.isKnown(user('eve'))).toBe(false);
});

test('the two without account stay what they are, whatever the server says', async () => {
  await using server = await anAccessServer();
  server.state.answer = { expert: { UNAUTHENTICATED_PUBLIC: {} } };
  await server.access.update();
  expect(server.access.rolesOf(user('UNAUTHENTICATED_PUBLIC'))).toEqual(['unauthenticated_public']);
});

test('a role that is not known is told, and gives nobody anything', async () => {
  await using server = await anAccessServer();
  server.state.answer = { emperor: BOB };
  await server.access.update();
  expect(server.errors).toEqual([expect.stringContaining("Unsupported role 'emperor'. Supported roles: 'admin',")]);
  expect(server.access.isKnown(user('bob'))).toBe(false);
});

test.each([
  ['is away', { status: 503 }],
  ['answers nonsense', { answer: ['bob'] }],
  ['answers nonsense about a user', { answer: { expert: { bob: 5 } } }],
])('while the server %s, what it last said holds', async (_, change) => {
  await using server = await anAccessServer();
  server.state.answer = { expert: BOB };
  await server.access.update();

  Object.assign(server.state, change);
  await server.access.update();

  expect(server.errors).toEqual([expect.stringMatching(/^Failed to update access control data: /)]);
  expect(server.access.rolesOf(user('bob'))).toEqual(['expert']);
});

test('who has heard nothing that still holds knows nobody, and says so', async () => {
  await using server = await anAccessServer();
  server.state.status = 500;
  await server.access.update();
  expect(server.errors).toEqual([expect.stringContaining('answered 500'), 'Access control data expired.']);
  expect(server.access.isKnown(user('bob'))).toBe(false);
});

test('whoever listens is told when rights have changed, and only then', async () => {
  await using server = await anAccessServer();
  let changes = 0;
  server.access.onChange(() => ++changes);
  server.state.answer = { expert: BOB };
  await server.access.update();
  await server.access.update();
  expect(changes).toBe(1);
});

test('it asks by itself from the start, and not after it was closed', async () => {
  await using server = await anAccessServer();
  server.state.answer = { expert: BOB };
  const heard = new Promise<void>((resolve) => void server.access.onChange(resolve));
  server.access.start();
  await heard;
  expect(server.access.rolesOf(user('bob'))).toEqual(['expert']);
});

test.each([
  [{ instrument: null }, "The required parameter 'instrument' is not specified"],
  [{ port: '80' }, "ValidationError while validating parameters BasicAPIAccessControl: '80' is not of type 'integer'"],
])('it refuses %o in the words of the original', (args, message) => {
  expect(() => serverAccess({ instrument: 'TES', ...args }, () => undefined)).toThrow(message);
});

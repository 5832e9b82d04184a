import { describe, expect, test } from 'vitest';
import { NO_ACCOUNTS, PUBLIC_NAME, SINGLE_USER_NAME } from '../../../src/auth/access-policy.ts';
import { Admission } from '../../../src/auth/admission.ts';
import { credentialsOf, credentialsOfMessage } from '../../../src/auth/credentials.ts';
import { NOBODY, withoutAccount } from '../../../src/auth/principal.ts';
import { notEnoughPermissions } from '../../../src/auth/refusal.ts';
import { SingleUserKey, singleUserKey } from '../../../src/auth/single-user-key.ts';
import { Tickets } from '../../../src/auth/tickets.ts';

const SINGLE_USER = withoutAccount(NO_ACCOUNTS, SINGLE_USER_NAME);
const PUBLIC = withoutAccount(NO_ACCOUNTS, PUBLIC_NAME);
const anAdmission = ({ allowAnonymousAccess = false, tickets = new Tickets() } = {}) =>
  new Admission({ accounts: null, key: new SingleUserKey('test'), tickets, policy: NO_ACCOUNTS, allowAnonymousAccess });
const here = { origin: undefined };

describe('credentials', () => {
  test.each(['ApiKey test', 'Apikey test', 'APIKEY test', 'apikey  test'])('the header %j shows the key', (header) => {
    expect(credentialsOf(header, {})).toEqual({ kind: 'api-key', key: 'test' });
  });

  test('the key may stand in the query', () => {
    expect(credentialsOf(undefined, { api_key: 'test' })).toEqual({ kind: 'api-key', key: 'test' });
  });

  test('another scheme is refused with the text of the original', () => {
    expect(() => credentialsOf('Basic abc', {})).toThrow(
      "Authorization header must include the authorization type followed by a space and then the secret, as in 'Bearer SECRET' or 'Apikey SECRET'. ",
    );
  });

  test('the first message of a socket shows a key or a token, and nonsense shows nothing', () => {
    expect(credentialsOfMessage('{"type":"auth","api_key":"k"}')).toEqual({ kind: 'api-key', key: 'k' });
    expect(credentialsOfMessage('{"type":"auth","token":"t"}')).toEqual({ kind: 'token', token: 't' });
    for (const text of ['', '{', 'null', '{"api_key":"k"}', '{"type":"auth","api_key":5}']) {
      expect(credentialsOfMessage(text)).toEqual({ kind: 'none' });
    }
  });
});

describe('who shows them', () => {
  test('the single-user key makes the single user', async () => {
    expect(await anAdmission().principalOf({ kind: 'api-key', key: 'test' }, here)).toEqual(SINGLE_USER);
  });

  test.each(['wrong', 'test1', 'tes', ''])('the key %j is invalid', async (key) => {
    await expect(anAdmission().principalOf({ kind: 'api-key', key }, here)).rejects.toThrow('Invalid API key');
  });

  test('nothing makes the public where that is allowed, and nobody elsewhere', async () => {
    expect(await anAdmission({ allowAnonymousAccess: true }).principalOf({ kind: 'none' }, here)).toEqual(PUBLIC);
    expect(await anAdmission().principalOf({ kind: 'none' }, here)).toBe(NOBODY);
  });

  test('without a key no key opens anything', async () => {
    const closed = new Admission({
      accounts: null,
      key: singleUserKey(null, null),
      tickets: new Tickets(),
      policy: NO_ACCOUNTS,
      allowAnonymousAccess: false,
    });
    await expect(closed.principalOf({ kind: 'api-key', key: '' }, here)).rejects.toThrow('Invalid API key');
  });

  test('a key with characters that URLs change is refused', () => {
    expect(() => new SingleUserKey('a b')).toThrow('alphanumeric');
  });

  test('who is unknown is asked who they are, who is known is told that it is not for them', () => {
    expect(notEnoughPermissions(NOBODY, 'read:queue')).toMatchObject({
      kind: 'unauthenticated',
      message: "Not enough permissions. Requires scopes ['read:queue']. Request had scopes []",
      wants: 'Bearer scope="read:queue"',
    });
    expect(notEnoughPermissions({ ...PUBLIC, isAnonymous: false }, 'read:queue')).toMatchObject({
      kind: 'forbidden',
      message: "Not enough permissions. Requires scopes ['read:queue']. Request had scopes ['read:status']",
    });
  });
});

describe('a ticket', () => {
  test('opens one socket, for the principal who asked', () => {
    const tickets = new Tickets();
    const { ticket, expires_in } = tickets.issue(SINGLE_USER, 'http://page');

    expect(expires_in).toBe(30);
    expect(tickets.redeem(ticket, 'http://page')).toBe(SINGLE_USER);
    expect(tickets.redeem(ticket, 'http://page')).toBeNull();
  });

  test('is good for the page that asked, and another page uses it up', () => {
    const tickets = new Tickets();
    const { ticket } = tickets.issue(SINGLE_USER, 'http://page');

    expect(tickets.redeem(ticket, 'http://elsewhere')).toBeNull();
    expect(tickets.redeem(ticket, 'http://page')).toBeNull();
  });

  test('ends after 30 s', () => {
    let now = 0;
    const tickets = new Tickets(() => now);
    const { ticket } = tickets.issue(SINGLE_USER, undefined);

    now = 30.1;

    expect(tickets.redeem(ticket, undefined)).toBeNull();
  });

  test('goes when ten thousand others wait, so that memory stays bounded', () => {
    const tickets = new Tickets();
    const first = tickets.issue(SINGLE_USER, undefined).ticket;
    for (let n = 0; n < 10_000; n++) tickets.issue(SINGLE_USER, undefined);

    expect(tickets.redeem(first, undefined)).toBeNull();
  });
});

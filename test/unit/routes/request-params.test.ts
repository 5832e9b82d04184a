import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { queueItemAdd, queueItemGet } from '../../../src/protocol/methods/queue.ts';
import { permissionsReload } from '../../../src/protocol/methods/resources.ts';
import { NO_ACCOUNTS, SINGLE_USER_NAME } from '../../../src/auth/access-policy.ts';
import { withoutAccount } from '../../../src/auth/principal.ts';
import { signed } from '../../../src/routes/forward.ts';
import { paramsOf } from '../../../src/routes/request-params.ts';

const SINGLE_USER = withoutAccount(NO_ACCOUNTS, SINGLE_USER_NAME);

/** As much of a request as params are read from. */
const aRequest = (body?: string, query: Record<string, unknown> = {}) =>
  ({ body, query, headers: { 'content-type': 'application/json' } }) as unknown as FastifyRequest;
const params = (body?: string, query?: Record<string, unknown>) =>
  Object.fromEntries(paramsOf(aRequest(body, query), queueItemGet.params));

describe('the params of a request', () => {
  test('are the slices that the client sent', () => {
    const item = '{"name": "count", "kwargs": {"a": 1.0, "b": 9223372036854775808, "c": -0.0, "d": [null, NaN]}}';
    const given = paramsOf(aRequest(`{ "item" : ${item} }`), queueItemAdd.params);
    expect(signed(queueItemAdd, SINGLE_USER, given)).toBe(
      `{"item":${item},"user":"UNAUTHENTICATED_SINGLE_USER","user_group":"primary"}`,
    );
  });

  test('are signed by who asks, whatever the request says', () => {
    const given = paramsOf(aRequest('{"user":"Eve","user_group":"root","item":{}}'), queueItemAdd.params);
    expect(JSON.parse(signed(queueItemAdd, SINGLE_USER, given))).toEqual({
      item: {},
      user: 'UNAUTHENTICATED_SINGLE_USER',
      user_group: 'primary',
    });
  });

  test('are signed with the group that the user names, if it is one of theirs', () => {
    const both = { ...SINGLE_USER, groups: ['primary', 'staff'] } as const;
    const groupFor = (asked: string) =>
      (JSON.parse(signed(queueItemAdd, both, new Map([['user_group', asked]]))) as { user_group: string }).user_group;
    expect(['"staff"', '"primary"', '"root"', '["staff"]', 'null'].map(groupFor)).toEqual([
      'staff',
      'primary',
      'primary',
      'primary',
      'primary',
    ]);
  });

  test('a user that is named twice signs no more than one that is named once', () => {
    const given = paramsOf(aRequest('{"user":"Eve","\\u0075ser":"Eve","item":{}}'), queueItemAdd.params);
    expect(signed(queueItemAdd, SINGLE_USER, given)).not.toContain('Eve');
  });

  test('a lock key that is null is one that is not given', () => {
    expect(signed(queueItemAdd, SINGLE_USER, new Map([['lock_key', 'null']]))).not.toContain('lock_key');
  });

  test('the body goes before the query', () => {
    expect(params('{"uid":"body"}', { uid: 'query', pos: '1' })).toEqual({ uid: '"body"', pos: '1' });
  });

  test('a query holds numbers where numbers are taken, else strings', () => {
    expect(params(undefined, { pos: '-1', uid: '5' })).toEqual({ pos: '-1', uid: '"5"' });
    expect(params(undefined, { pos: 'front' })).toEqual({ pos: '"front"' });
    expect(
      Object.fromEntries(paramsOf(aRequest(undefined, { restore_permissions: 'false' }), permissionsReload.params)),
    ).toEqual({ restore_permissions: 'false' });
  });

  test('credentials in the query are no params', () => {
    expect(params(undefined, { api_key: 'k', ticket: 't' })).toEqual({});
  });

  test('an absent body and one that is null ask for nothing', () => {
    expect([params(undefined), params('null'), params('{}')]).toEqual([{}, {}, {}]);
  });

  test.each(['[1]', '"text"', '5', '{"uid"', '{"uid": bad}', '{"uid":{"a":}}', '{} {}'])('%s is refused', (body) => {
    expect(() => params(body)).toThrow();
  });

  test.each(['__proto__', 'constructor', 'x'])('a name that the method does not take is refused: %s', (name) => {
    expect(() => params(`{"${name}":1}`)).toThrow(`Request contains keys the are not supported: {'${name}'}.`);
  });
});

import { describe, expect, test } from 'vitest';
import { combined } from '../../src/auth/access/api-access.ts';
import { oneGroup } from '../../src/auth/access/resource-access.ts';
import { dictionaryAccess } from '../../src/auth/access/table-access.ts';
import { DictionaryAuthenticator } from '../../src/auth/authenticators/dictionary.ts';
import { startGateway } from '../support/gateway.ts';

const ITEMS = [
  { item_uid: 'of-ann', name: 'count', user: 'ann' },
  { item_uid: 'of-bob', name: 'count', user: 'bob' },
];

/** Two users and one of the staff before a manager with an item of each user. */
async function aQueue(items_belong_to: 'submitter' | 'everybody') {
  const changes: { method: string; params: Record<string, unknown> }[] = [];
  const gateway = await startGateway(
    (method, params) => {
      if (method === 'queue_get')
        return { success: true, msg: '', items: ITEMS, running_item: {}, plan_queue_uid: 'q1' };
      if (method === 'queue_item_get') {
        const item = ITEMS.find(({ item_uid: uid }, pos) => uid === params['uid'] || pos === params['pos']);
        return item ? { success: true, msg: '', item } : { success: false, msg: 'not in the queue', item: {} };
      }
      if (method.startsWith('queue_')) changes.push({ method, params });
      return { success: true, msg: '' };
    },
    { items_belong_to },
    {
      accounts: {
        providers: [{ name: 'toy', authenticator: new DictionaryAuthenticator({ ann: 'x', bob: 'x', staff: 'x' }) }],
        policy: combined(
          dictionaryAccess({ users: { ann: { roles: 'user' }, bob: { roles: 'user' }, staff: { roles: 'expert' } } }),
          oneGroup({}),
        ),
        secretKeys: [],
        lifetimes: { access_token_max_age: 900, refresh_token_max_age: 900, session_max_age: null },
      },
    },
  );
  const as = async (username: string, path: string, body: object) => {
    const form = new URLSearchParams({ username, password: 'x' });
    const signedIn = await fetch(`${gateway.url}/api/auth/provider/toy/token`, { method: 'POST', body: form });
    const { access_token: token } = (await signedIn.json()) as { access_token: string };
    const reply = await fetch(`${gateway.url}/api/queue/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: reply.status, body: await reply.json() };
  };
  return { as, changes, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

describe('where items belong to who submitted them', () => {
  test.each<[string, object]>([
    ['item/remove', { uid: 'of-bob' }],
    ['item/remove', { pos: 1 }],
    ['item/move', { uid: 'of-bob', pos_dest: 'front' }],
    ['item/update', { item: { item_uid: 'of-bob', item_type: 'plan', name: 'scan' } }],
    ['item/remove/batch', { uids: ['of-ann', 'of-bob'] }],
    ['item/move/batch', { uids: ['of-bob'], pos_dest: 'front' }],
    ['clear', {}],
  ])('%s %j of another is refused, and nothing is changed', async (path, body) => {
    await using queue = await aQueue('submitter');
    const refused = await queue.as('ann', path, body);
    expect(refused).toEqual({
      status: 403,
      body: { detail: "Item 'of-bob' was submitted by 'bob': only they and staff may change, move or remove it" },
    });
    expect(queue.changes).toEqual([]);
  });

  test('the submitter may, and an item that was named by its place is the one that was looked at', async () => {
    await using queue = await aQueue('submitter');
    expect((await queue.as('ann', 'item/remove', { pos: 0 })).status).toBe(200);
    expect(queue.changes).toEqual([{ method: 'queue_item_remove', params: { uid: 'of-ann' } }]);
  });

  test('staff may', async () => {
    await using queue = await aQueue('submitter');
    expect((await queue.as('staff', 'clear', {})).status).toBe(200);
    expect(queue.changes).toEqual([{ method: 'queue_clear', params: {} }]);
  });

  test('what is not there is refused by the manager, in its words', async () => {
    await using queue = await aQueue('submitter');
    await queue.as('ann', 'item/remove', { uid: 'nowhere' });
    expect(queue.changes).toEqual([{ method: 'queue_item_remove', params: { uid: 'nowhere' } }]);
  });
});

test('where they do not, whoever may edit the queue may remove any item', async () => {
  await using queue = await aQueue('everybody');
  expect((await queue.as('ann', 'item/remove', { uid: 'of-bob' })).status).toBe(200);
});

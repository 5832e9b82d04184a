import { describe, expect, test } from 'vitest';
import { AUTHORIZED, startGateway } from '../support/gateway.ts';

const ITEMS = Array.from({ length: 10 }, (_, n) => `{"name":"p${n}","args":[1.0],"kwargs":{}}`);
const answers = (method: string) => {
  if (method === 'queue_get') {
    return `{"success":true,"msg":"","items":[${ITEMS.join(',')}],"running_item":{},"plan_queue_uid":"q1"}`;
  }
  if (method === 'history_get') return `{"success":true,"msg":"","items":[${ITEMS.join(',')}],"plan_history_uid":"h1"}`;
  return undefined;
};

interface Listed {
  items: { name: string }[];
  total?: number;
}
const names = ({ items }: Listed) => items.map(({ name }) => name);

describe.each(['/api/queue/get', '/api/history/get'])('pages of %s', (url) => {
  test('hold the items that are asked for, as they are, and say how many there are', async () => {
    await using gateway = await startGateway(answers);
    const reply = await (await gateway.ask(`${url}?offset=2&limit=3`)).text();
    expect(reply).toContain(`"items":[${ITEMS.slice(2, 5).join(',')}]`);
    expect(JSON.parse(reply)).toMatchObject({ success: true, total: 10 });
  });

  test.each([
    ['?offset=8', ['p8', 'p9']],
    ['?limit=1', ['p0']],
    ['?limit=0', []],
    ['?offset=10', []],
  ])('end where the list ends (%s)', async (query, expected) => {
    await using gateway = await startGateway(answers);
    expect(names((await (await gateway.ask(url + query)).json()) as Listed)).toEqual(expected);
  });

  test('are all of it when none is asked for, as ever', async () => {
    await using gateway = await startGateway(answers);
    const reply = (await (await gateway.ask(url)).json()) as Listed;
    expect(names(reply)).toHaveLength(10);
    expect(reply).not.toHaveProperty('total');
  });

  test.each(['?offset=-1', '?limit=x', '?limit=1.5'])('that cannot be are refused (%s)', async (query) => {
    await using gateway = await startGateway(answers);
    const reply = await gateway.ask(url + query);
    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { detail: string }).detail).toMatch(/must be a whole number from 0, received/);
  });
});

describe('a read that the client has already', () => {
  const again = (tag: string | null) => ({ headers: { ...AUTHORIZED, 'if-none-match': tag ?? '' } });

  test.each(['/api/status', '/api/queue/get', '/api/history/get?limit=2'])('is not sent again (%s)', async (url) => {
    await using gateway = await startGateway(answers);
    gateway.manager.change({ plan_queue_uid: 'q1', plan_history_uid: 'h1' });
    const first = await gateway.ask(url);
    const tag = first.headers.get('etag');
    await first.text();

    const second = await gateway.ask(url, again(tag));
    const weak = await gateway.ask(url, again(`"other", W/${tag}`));

    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(weak.status).toBe(304);
    expect((await gateway.ask(url, again('"other"'))).status).toBe(200);
  });

  test('is sent when it has changed', async () => {
    await using gateway = await startGateway();
    const tag = (await gateway.ask('/api/status')).headers.get('etag');
    gateway.manager.change({ items_in_queue: 5 });
    await gateway.ask('/api/queue/clear', { method: 'POST' });

    const reply = await gateway.ask('/api/status', again(tag));

    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ items_in_queue: 5 });
  });
});

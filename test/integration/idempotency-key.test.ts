import { describe, expect, test } from 'vitest';
import { AUTHORIZED, startGateway } from '../support/gateway.ts';
import { form, workbook } from '../support/workbooks.ts';

const ADD = '/api/queue/item/add';
const BATCH = '/api/queue/item/add/batch';
const item = (name: string) => JSON.stringify({ item: { name, item_type: 'plan' } });
const sent = (key: string, body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: { ...AUTHORIZED, 'content-type': 'application/json', 'idempotency-key': key },
});
const detail = async (reply: Response) => ((await reply.json()) as { detail: string }).detail;

/** A manager that adds, and counts what it added. */
function adding() {
  let size = 0;
  return (method: string) =>
    method.startsWith('queue_item_add')
      ? { success: true, msg: '', qsize: ++size, item: {}, items: [], results: [] }
      : undefined;
}

describe('a write with an Idempotency-Key', () => {
  test.each([
    [ADD, 'queue_item_add', item('count')],
    [BATCH, 'queue_item_add_batch', '{"items":[]}'],
  ])('happens once, however often it is sent, and is answered alike (%s)', async (url, method, body) => {
    await using gateway = await startGateway(adding());
    const answers = await Promise.all(Array.from({ length: 5 }, () => gateway.ask(url, sent('k1', body))));
    const later = await gateway.ask(url, sent('k1', body));

    const texts = await Promise.all([...answers, later].map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    expect(gateway.manager.count(method)).toBe(1);
  });

  test('happens again with another key, and without any', async () => {
    await using gateway = await startGateway(adding());
    await gateway.ask(ADD, sent('k1', item('count')));
    await gateway.ask(ADD, sent('k2', item('count')));
    await gateway.ask(ADD, { method: 'POST', body: item('count') });
    expect(gateway.manager.count('queue_item_add')).toBe(3);
  });

  test('is refused when the key stood for something else', async () => {
    await using gateway = await startGateway(adding());
    await gateway.ask(ADD, sent('k1', item('count')));
    const reply = await gateway.ask(ADD, sent('k1', item('scan')));
    expect(reply.status).toBe(422);
    expect(await detail(reply)).toContain("'k1' stands for another request");
    expect(gateway.manager.count('queue_item_add')).toBe(1);
  });

  test('may be tried again when it was refused, since nothing has changed', async () => {
    let isAllowed = false;
    await using gateway = await startGateway((method) =>
      method === 'queue_item_add' ? { success: isAllowed, msg: 'x', qsize: 1, item: {} } : undefined,
    );
    expect(await (await gateway.ask(ADD, sent('k1', item('count')))).json()).toMatchObject({ success: false });
    isAllowed = true;
    expect(await (await gateway.ask(ADD, sent('k1', item('count')))).json()).toMatchObject({ success: true });
  });

  test('is found again when it took longer than its client waits', async () => {
    const added = Promise.withResolvers<Record<string, unknown>>();
    await using gateway = await startGateway((method) => (method === 'queue_item_add' ? added.promise : undefined));

    const first = await gateway.ask(ADD, sent('k1', item('count')));
    added.resolve({ success: true, msg: '', qsize: 7, item: {} });
    const second = await gateway.ask(ADD, sent('k1', item('count')));

    expect(first.status).toBe(408);
    expect(await detail(first)).toContain('is still under way');
    expect(await second.json()).toMatchObject({ success: true, qsize: 7 });
    expect(gateway.manager.count('queue_item_add')).toBe(1);
  });

  test('says that nobody knows when the manager dies with it, and is not sent again', async () => {
    const reached = Promise.withResolvers<void>();
    await using gateway = await startGateway((method) => {
      if (method === 'queue_item_add') reached.resolve();
      return undefined;
    });
    const first = gateway.ask(ADD, sent('k1', item('count')));
    await reached.promise;
    gateway.manager.die();

    expect(await detail(await first)).toContain('Nobody knows whether');
    await gateway.manager.comeBack();
    expect(await detail(await gateway.ask(ADD, sent('k1', item('count'))))).toContain('Nobody knows whether');
    expect(gateway.manager.count('queue_item_add')).toBe(1);
  });

  test('queues a spreadsheet once', async () => {
    await using gateway = await startGateway(adding());
    const file = workbook([['plan_name'], ['count']]);
    const upload = () =>
      gateway.ask('/api/queue/upload/spreadsheet', {
        method: 'POST',
        body: form('a.xlsx', file),
        headers: { ...AUTHORIZED, 'idempotency-key': 'k1' },
      });
    expect(await (await upload()).text()).toBe(await (await upload()).text());
    expect(gateway.manager.count('queue_item_add_batch')).toBe(1);
  });

  test('with a key that is none is refused', async () => {
    await using gateway = await startGateway(adding());
    expect((await gateway.ask(ADD, sent('a key', item('count')))).status).toBe(400);
    expect((await gateway.ask(ADD, sent('x'.repeat(256), item('count')))).status).toBe(400);
    expect(gateway.manager.count('queue_item_add')).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { AUTHORIZED, startGateway } from '../support/gateway.ts';

const post = (body: string): RequestInit => ({
  method: 'POST',
  body,
  headers: { ...AUTHORIZED, 'content-type': 'application/json' },
});

describe('what passes through the gateway', () => {
  test('kwargs come back as they were sent, NaN as null', async () => {
    const item =
      '{"name":"p","item_type":"plan","args":[],"kwargs":{"a":1.0,"b":9223372036854775808,"c":{"d":[null]},"e":NaN}}';
    await using gateway = await startGateway((method) =>
      method === 'queue_item_add' ? `{"success":true,"msg":"","qsize":1,"item":${item}}` : undefined,
    );

    const reply = await gateway.ask('/api/queue/item/add', post(`{"item":${item}}`));

    expect(gateway.manager.received.at(-1)?.text).toContain(`"item":${item},`);
    expect(await reply.text()).toContain('"kwargs":{"a":1.0,"b":9223372036854775808,"c":{"d":[null]},"e":null}');
  });

  test('the request id goes to the manager with the request', async () => {
    await using gateway = await startGateway();
    const reply = await gateway.ask('/api/queue/clear', { method: 'POST' });
    expect(gateway.manager.received.at(-1)?.trace).toContain(reply.headers.get('x-request-id') as string);
  });
});

describe('reads', () => {
  test('a thousand status requests cost the manager one', async () => {
    await using gateway = await startGateway();
    for (let n = 0; n < 20; n++) {
      await gateway.manager.publishStatus(); // as a manager does, at least once a second
      await Promise.all(Array.from({ length: 50 }, () => gateway.ask('/api/status')));
    }
    expect(gateway.manager.count('status')).toBe(1);
  });

  test('a client sees its own write in its next read', async () => {
    let queueUid = 'q1';
    await using gateway = await startGateway((method) => {
      if (method === 'queue_get')
        return { success: true, msg: '', items: [], running_item: {}, plan_queue_uid: queueUid };
      return method === 'queue_clear' ? { success: true, msg: '' } : undefined;
    });
    gateway.manager.change({ plan_queue_uid: queueUid });
    for (let n = 2; n < 30; n++) {
      await gateway.ask('/api/queue/get');
      queueUid = `q${n}`;
      gateway.manager.change({ plan_queue_uid: queueUid });
      await gateway.ask('/api/queue/clear', { method: 'POST' });

      expect(await (await gateway.ask('/api/queue/get')).json()).toMatchObject({ plan_queue_uid: queueUid });
    }
  });

  test('health says what is wrong, by name', async () => {
    await using gateway = await startGateway((method) =>
      method === 'plans_existing'
        ? { success: true, msg: '', plans_existing: {}, plans_existing_uid: 'p1' }
        : undefined,
    );
    expect(await (await gateway.ask('/api/health/live')).json()).toEqual({ live: true });

    const ready = await gateway.ask('/api/health/ready');

    expect([ready.status, await ready.json()]).toEqual([
      503,
      {
        ready: false,
        checks: expect.objectContaining({
          manager: { ok: true, msg: '' },
          plan_lists: { ok: false, msg: expect.stringContaining('knows no plans') },
          store: { ok: true, msg: '' },
        }),
      },
    ]);
  });

  test('is not ready while the manager cannot write its store, and says why', async () => {
    await using gateway = await startGateway();
    gateway.manager.change({ store_trouble: "The store 'redis' does not answer" });

    const { checks } = (await (await gateway.ask('/api/health/ready')).json()) as { checks: Record<string, unknown> };

    expect(checks['store']).toEqual({ ok: false, msg: "The store 'redis' does not answer" });
  });
});

import { WebSocket } from 'ws';
import { describe, expect, test } from 'vitest';
import { AUTHORIZED, KEY, raw, startGateway } from '../support/gateway.ts';

// The numbers are those of the list of what existing clients of the original rely on.
const AUTH = `authorization: ApiKey ${KEY}`;
const json = (response: Response) => response.json() as Promise<Record<string, unknown>>;

describe('what existing clients rely on', () => {
  test('1: GET with a JSON body is read', async () => {
    await using gateway = await startGateway();

    const { status } = await raw(
      gateway.url,
      `GET /api/queue/item/get HTTP/1.1\n${AUTH}\ncontent-type: application/json`,
      '{"uid":"u1"}',
    );

    expect(status).toBe(200);
    expect(gateway.manager.received.at(-1)).toMatchObject({ method: 'queue_item_get', params: { uid: 'u1' } });
  });

  test('1: the same parameters may stand in the query, for browsers', async () => {
    await using gateway = await startGateway();

    await gateway.ask('/api/queue/item/get?pos=-1&api_key=test');
    await gateway.ask('/api/queue/item/get?pos=front');

    expect(gateway.manager.received.map(({ params }) => params)).toEqual([{ pos: -1 }, { pos: 'front' }]);
  });

  test.each(['GET /api/queue/item/get', 'POST /api/queue/clear'])(
    '2: %s with an empty body that is called JSON is accepted',
    async (request) => {
      await using gateway = await startGateway();
      const { status } = await raw(gateway.url, `${request} HTTP/1.1\n${AUTH}\ncontent-type: application/json`);
      expect(status).toBe(200);
    },
  );

  test('3: POST with neither body nor content type works', async () => {
    await using gateway = await startGateway();
    expect((await gateway.ask('/api/environment/open', { method: 'POST' })).status).toBe(200);
    expect(gateway.manager.received.at(-1)?.text).toBe('{"method":"environment_open","params":{}}');
  });

  test('4: a JSON body without a content type is read', async () => {
    await using gateway = await startGateway();
    const { status } = await raw(gateway.url, `POST /api/re/pause HTTP/1.1\n${AUTH}`, '{"option":"immediate"}');
    expect(status).toBe(200);
    expect(gateway.manager.received.at(-1)?.params).toEqual({ option: 'immediate' });
  });

  test.each([
    ['no such URL', '/api/no/such', {}, 404, 'Not Found'],
    ['another method of a URL', '/api/queue/clear', {}, 405, 'Method Not Allowed'],
    ['no credentials', '/api/queue/get', { headers: {} }, 401, expect.stringContaining('Not enough permissions')],
    ['a wrong key', '/api/status', { headers: { authorization: 'ApiKey no' } }, 401, 'Invalid API key'],
    [
      'another scheme',
      '/api/status',
      { headers: { authorization: 'Basic no' } },
      400,
      expect.stringContaining('Apikey SECRET'),
    ],
    ['an unknown key', '/api/status?x=1', {}, 400, expect.stringContaining("{'x'}")],
    ['a list', '/api/queue/clear', { method: 'POST', body: '[1]' }, 422, [expect.objectContaining({ loc: ['body'] })]],
    [
      'no JSON',
      '/api/queue/clear',
      { method: 'POST', body: '{"a', headers: { ...AUTHORIZED, 'content-type': 'application/json' } },
      422,
      [expect.objectContaining({ type: 'json_invalid' })],
    ],
    [
      'a form',
      '/api/queue/clear',
      { method: 'POST', body: new URLSearchParams({ a: 'b' }) },
      422,
      [expect.objectContaining({ input: 'a=b' })],
    ],
    [
      'a body over 1 MB',
      '/api/queue/clear',
      { method: 'POST', body: `{"a":"${'x'.repeat(2 ** 20)}"}` },
      413,
      expect.any(String),
    ],
  ])('5: %s is answered with JSON that has a detail', async (_, path, init, status, detail) => {
    await using gateway = await startGateway();
    const response = await gateway.ask(path, init);
    expect([response.status, await json(response)]).toEqual([status, { detail }]);
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  test.each([
    ['half an escape in the URL', 'GET /api/%zz HTTP/1.1', 400],
    ['what is no HTTP', 'G@T /api/status HTTP/1.1', 400],
    ['DELETE, with a body, of what cannot be deleted', 'DELETE /api/status HTTP/1.1', 405],
  ])('5: %s is answered with JSON that has a detail', async (_, head, status) => {
    await using gateway = await startGateway();
    expect(await raw(gateway.url, head, '{}')).toEqual({ status, body: { detail: expect.any(String) } });
  });

  test('5: a manager that does not answer is 408, with the text of the original', async () => {
    await using gateway = await startGateway();
    gateway.manager.die();

    const response = await gateway.ask('/api/queue/start', { method: 'POST' });

    expect([response.status, await json(response)]).toEqual([
      408,
      { detail: 'Request timeout: ZMQ communication error: ZeroMQ communication failed: timeout occurred' },
    ]);
  });

  test('6: a command that the manager refuses is 200 with its words', async () => {
    await using gateway = await startGateway((method) =>
      method === 'queue_start' ? { success: false, msg: 'RE Worker environment does not exist.' } : undefined,
    );
    const response = await gateway.ask('/api/queue/start', { method: 'POST' });
    expect([response.status, await json(response)]).toEqual([
      200,
      { success: false, msg: 'RE Worker environment does not exist.' },
    ]);
  });

  test.each(['ApiKey', 'Apikey', 'APIKEY'])('7: the scheme %s opens REST and WebSocket', async (scheme) => {
    await using gateway = await startGateway();
    const headers = { authorization: `${scheme} ${KEY}` };

    expect((await gateway.ask('/api/status', { headers })).status).toBe(200);
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/status/ws`, { headers });
    expect(JSON.parse(await firstFrame(socket))).toHaveProperty('msg.status');
    socket.terminate();
  });

  test('8: the key may stand in the query, and never gets into the log', async () => {
    await using gateway = await startGateway();
    const response = await gateway.ask('/api/queue/clear?api_key=test', { method: 'POST', headers: {} });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(gateway.log.join('')).toContain('api_key=[redacted]');
  });

  test('10: items have args and kwargs in REST replies, as they were sent everywhere else', async () => {
    const bare = { name: 'count', item_type: 'plan', item_uid: 'u1' };
    await using gateway = await startGateway((method) => {
      if (method === 'queue_get')
        return { success: true, msg: '', items: [bare], running_item: {}, plan_queue_uid: 'q1' };
      return method === 'queue_item_add'
        ? { success: true, msg: '', qsize: 1, item: { ...bare, args: [1] } }
        : undefined;
    });

    const queue = await json(await gateway.ask('/api/queue/get'));
    const added = await json(
      await gateway.ask('/api/queue/item/add', { method: 'POST', body: JSON.stringify({ item: bare }) }),
    );

    expect(queue).toMatchObject({ items: [{ ...bare, args: [], kwargs: {} }], running_item: {} });
    expect(added.item).toEqual({ ...bare, args: [1], kwargs: {} });
    expect(gateway.manager.received.at(-1)?.params.item).toEqual(bare);
  });

  test('11 and 12: frames are exactly time and msg, and msg of the console is a string whatever was printed', async () => {
    await using gateway = await startGateway();
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/console_output/ws?api_key=test`);
    await opened(socket);
    const frame = firstFrame(socket);
    await gateway.manager.publishConsole({ not: 'a string' });

    expect(JSON.parse(await frame)).toEqual({ time: expect.any(Number), msg: '{"not":"a string"}' });
    socket.terminate();
  });

  test('11: the console update has exactly four members', async () => {
    await using gateway = await startGateway();
    const { status, body } = await raw(
      gateway.url,
      `GET /api/console_output_update HTTP/1.1\n${AUTH}\ncontent-type: application/json`,
      '{"last_msg_uid":"ALL"}',
    );
    expect([status, Object.keys(body as object).sort()]).toEqual([
      200,
      ['console_output_msgs', 'last_msg_uid', 'msg', 'success'],
    ]);
  });

  test('13: the status socket gives a frame within a second, though nothing is published', async () => {
    await using gateway = await startGateway();
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/status/ws?api_key=test`);
    const times: number[] = [];
    socket.on('message', () => void times.push(performance.now()));
    while (times.length < 3) await new Promise((resolve) => socket.once('message', resolve));

    const gaps = times.slice(1).map((time, n) => time - (times[n] as number));
    expect(Math.max(...gaps)).toBeLessThan(1000);
    socket.terminate();
  });

  test('15: a preflight needs no credentials and allows what pages of a listed origin send', async () => {
    await using gateway = await startGateway(undefined, { allow_origins: ['http://page'] });
    const response = await gateway.ask('/api/queue/item/add', {
      method: 'OPTIONS',
      headers: {
        origin: 'http://page',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://page');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(response.headers.get('access-control-allow-methods')).toMatch(/GET.*POST.*DELETE/);
  });

  test('15: a page of a listed origin can read why it was refused, another page nothing', async () => {
    await using gateway = await startGateway(undefined, { allow_origins: ['http://page'] });
    const allowed = await gateway.ask('/api/queue/get', { headers: { origin: 'http://page' } });
    const foreign = await gateway.ask('/api/queue/get', { headers: { origin: 'http://other' } });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([401, 'http://page']);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('19: runs are asked for without a body, and a pause with an empty object', async () => {
    await using gateway = await startGateway((method) =>
      method === 're_runs' || method === 're_pause'
        ? { success: true, msg: '', run_list: [], run_list_uid: 'r1' }
        : undefined,
    );
    expect((await gateway.ask('/api/re/runs', { method: 'POST' })).status).toBe(200);
    expect(gateway.manager.received.at(-1)?.params).toEqual({ option: 'active' });
    const paused = await gateway.ask('/api/re/pause', {
      method: 'POST',
      body: '{}',
      headers: { ...AUTHORIZED, 'content-type': 'application/json' },
    });
    expect(paused.status).toBe(200);
  });

  test('20 and 21: the URLs that Finch is hard-wired to lead to the same', async () => {
    await using gateway = await startGateway();
    expect((await gateway.ask('/api/qserver/api/status')).status).toBe(200);
    for (const path of ['/api/qserver/console', '/api/v1/qs-console-socket']) {
      const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}${path}?api_key=test`);
      await opened(socket);
      const frame = firstFrame(socket);
      await gateway.manager.publishConsole('hello\n');
      expect(JSON.parse(await frame)).toMatchObject({ msg: 'hello\n' });
      socket.terminate();
    }
  });
});

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => void socket.once('open', resolve).once('error', reject));
const firstFrame = (socket: WebSocket) =>
  new Promise<string>((resolve, reject) => {
    socket.once('message', (frame: Buffer) => resolve(frame.toString()));
    socket.once('error', reject);
  });

import { describe, expect, test } from 'vitest';
import { ClientSocket } from '../support/client-socket.ts';
import { AUTHORIZED, startGateway } from '../support/gateway.ts';

type Gateway = Awaited<ReturnType<typeof startGateway>>;
const ticketOf = async ({ ask }: Gateway, headers: Record<string, string> = AUTHORIZED) =>
  (await (await ask('/api/auth/ws-ticket', { method: 'POST', headers })).json()) as {
    ticket: string;
    expires_in: number;
  };
const STREAMS = ['/api/status/ws', '/api/info/ws', '/api/console_output/ws'];

describe('who may open a socket', () => {
  test.each(STREAMS)('a ticket opens %s once', async (path) => {
    await using gateway = await startGateway();
    const { ticket, expires_in } = await ticketOf(gateway);
    const url = `${gateway.url}${path}?ticket=${ticket}`;

    using _first = await ClientSocket.open(url);

    expect(expires_in).toBe(30);
    expect(await ClientSocket.refusal(url)).toEqual({
      status: 403,
      body: { detail: expect.stringContaining('ticket') },
    });
  });

  test('a ticket is good for the page that asked for it', async () => {
    await using gateway = await startGateway();
    const { ticket } = await ticketOf(gateway, { ...AUTHORIZED, origin: 'http://page' });
    const url = `${gateway.url}/api/status/ws?ticket=${ticket}`;
    expect(await ClientSocket.refusal(url, { origin: 'http://elsewhere' })).toMatchObject({ status: 403 });
  });

  test('who has shown nothing gets no ticket', async () => {
    await using gateway = await startGateway();
    expect((await gateway.ask('/api/auth/ws-ticket', { method: 'POST', headers: {} })).status).toBe(401);
  });

  test.each(STREAMS)('a wrong key is refused before the upgrade of %s, with a readable reason', async (path) => {
    await using gateway = await startGateway();
    expect(await ClientSocket.refusal(gateway.url + path, { authorization: 'ApiKey wrong' })).toEqual({
      status: 403,
      body: { detail: 'Invalid API key' },
    });
  });

  test('a socket that shows nothing is admitted by its first message', async () => {
    await using gateway = await startGateway();
    using client = await ClientSocket.open(`${gateway.url}/api/status/ws`);

    await gateway.manager.publishStatus();
    client.socket.send('{"type":"auth","api_key":"test"}');

    expect((await client.until(() => true)).msg).toHaveProperty('status');
  });

  test.each(['{"type":"auth","api_key":"wrong"}', '{"type":"auth","token":"none"}', 'hello'])(
    'the first message %s closes with 4401',
    async (message) => {
      await using gateway = await startGateway();
      using client = await ClientSocket.open(`${gateway.url}/api/console_output/ws`);
      const closed = client.closed();
      client.socket.send(message);
      expect((await closed).code).toBe(4401);
      expect(client.frames).toEqual([]);
    },
  );

  test('the public may watch nothing that it holds no scope for', async () => {
    await using gateway = await startGateway(undefined, { allow_anonymous_access: true });
    expect((await gateway.ask('/api/status', { headers: {} })).status).toBe(200);
    const { ticket } = await ticketOf(gateway, {});
    expect(await ClientSocket.refusal(`${gateway.url}/api/status/ws?ticket=${ticket}`)).toMatchObject({ status: 403 });
  });
});

describe('what sockets carry', () => {
  test('a change of status reaches a socket by event: 99 of 100 within 30 ms', async () => {
    await using gateway = await startGateway();
    using client = await ClientSocket.open(`${gateway.url}/api/status/ws`, AUTHORIZED);
    const delays: number[] = [];
    for (let n = 0; n < 100; n++) {
      gateway.manager.change({ items_in_queue: n });
      const begun = performance.now();
      await gateway.manager.publishStatus();
      await client.until(({ msg }) => (msg as { status: { items_in_queue: number } }).status.items_in_queue === n);
      delays.push(performance.now() - begun);
    }
    expect(delays.sort((a, b) => a - b)[98]).toBeLessThan(30);
  });

  test('a new status client is told the present status at once', async () => {
    await using gateway = await startGateway();
    using client = await ClientSocket.open(`${gateway.url}/api/status/ws`, AUTHORIZED);
    expect((await client.until(() => true)).msg).toMatchObject({ status: { msg: 'RE Manager v0.0.25' } });
  });

  test('the status goes on once a second when the manager is gone, and says so', async () => {
    await using gateway = await startGateway();
    using client = await ClientSocket.open(`${gateway.url}/api/status/ws`, AUTHORIZED);

    gateway.manager.die();

    const frame = await client.until(({ msg }) => JSON.stringify(msg).includes('has not been heard'));
    expect(Object.keys(frame).sort()).toEqual(['msg', 'time']);
  });

  test('a hundred clients get every line, in order', async () => {
    await using gateway = await startGateway();
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED)),
    );
    for (let n = 0; n < 50; n++) await gateway.manager.publishConsole(`line ${n}\n`);

    await Promise.all(clients.map((client) => client.until(({ msg }) => msg === 'line 49\n')));

    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}\n`);
    for (const client of clients) expect(client.frames.map(({ msg }) => msg)).toEqual(lines);
    for (const client of clients) client[Symbol.dispose]();
  });

  test('a client that stops reading holds back nobody, and is told what it has missed', async () => {
    await using gateway = await startGateway();
    using slow = await ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED);
    using quick = await ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED);
    slow.socket.pause();

    const page = 'x'.repeat(20_000);
    for (let n = 0; n < 2500; n++) {
      await gateway.manager.publishConsole(`${n} ${page}\n`);
      await quick.until(() => quick.frames.length > n);
    }
    slow.socket.resume();
    await gateway.manager.publishConsole('the end\n');
    await slow.until(({ msg }) => msg === 'the end\n');

    const gap = slow.frames.find(({ msg }) => (msg as string).startsWith('... '))?.msg as string;
    const missed = Number(/^\.\.\. (\d+) messages are missing/.exec(gap)?.[1]);
    expect(slow.frames.length - 1 + missed).toBe(quick.frames.length);
  });

  test('a client that sends a flood is cut off, and nobody else', async () => {
    await using gateway = await startGateway();
    using other = await ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED);
    using flood = await ClientSocket.open(`${gateway.url}/api/console_output/ws`, AUTHORIZED);
    const closed = flood.closed();

    flood.socket.send('x'.repeat(1_000_000));

    expect((await closed).code).toBe(1009);
    await gateway.manager.publishConsole('still here\n');
    await other.until(({ msg }) => msg === 'still here\n');
  });

  test('the text stream gives JSON objects without newlines between them', async () => {
    await using gateway = await startGateway();
    const response = await gateway.ask('/api/stream_console_output');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();

    await gateway.manager.publishConsole('a\n');
    const first = new TextDecoder().decode((await reader.read()).value);

    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(first).toMatch(/^\{"time":[\d.]+,"msg":"a\\n"\}$/);
    await reader.cancel();
  });

  test('a stopping gateway says so to its sockets', async () => {
    await using gateway = await startGateway();
    using client = await ClientSocket.open(`${gateway.url}/api/info/ws`, AUTHORIZED);
    const closed = client.closed();

    await gateway.app.close();

    expect((await closed).code).toBe(1001);
  });
});

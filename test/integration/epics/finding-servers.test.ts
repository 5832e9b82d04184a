import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/epics/ca/codec/commands.ts';
import { encodeHeader } from '../../../src/epics/ca/codec/message.ts';
import { clientOf, Collected, next, secondsSince } from '../../support/epics/clients.ts';
import { freePort } from '../../support/epics/free-port.ts';
import { aDouble, ScriptedServer, startServer } from '../../support/epics/scripted-server.ts';

/** What a machine's repeater is to one client: it confirms the registration and passes datagrams on. */
async function aRepeater() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { promise: registered, resolve } = Promise.withResolvers<number>();
  socket.on('message', (_register, { port }) => {
    socket.send(encodeHeader({ command: COMMAND.REPEATER_CONFIRM }, 0), port, '127.0.0.1');
    resolve(port);
  });
  return {
    port: socket.address().port,
    registered,
    async pass(datagram: Buffer): Promise<void> {
      socket.send(datagram, await registered, '127.0.0.1');
    },
    [Symbol.dispose]: () => void socket.close(),
  };
}

const aBeacon = (id: number, port = 5064): Buffer =>
  encodeHeader({ command: COMMAND.RSRV_IS_UP, type: 13, count: port, p1: id, p2: 0x7f00_0001 }, 0);

test('a name that nobody serves is asked for rarely, and its wait says what was waited for', async () => {
  await using server = await startServer({});
  using client = clientOf([server]);
  await expect(client.channel('nobody').waitForConnection(1)).rejects.toMatchObject({
    name: 'CaTimeoutError',
    code: 80,
    message: 'nobody (searching): not connected within 1 s',
  });
  expect(server.searches.length).toBeLessThanOrEqual(7);
});

test('of two servers with one name the first that answers is used, and the other is reported', async () => {
  await using first = await startServer({ X: aDouble(1) });
  await using second = await startServer({ X: aDouble(2) });
  const log = new Collected<string>();
  using client = clientOf([first, second], { onLog: (_level, message) => log.add(message) });
  const channel = await client.channel('X').waitForConnection(5);
  await log.take(1);
  const { value } = await channel.get();
  const [used, other] = value === 1 ? [first, second] : [second, first];
  expect(log.all).toEqual([
    `X is served by 127.0.0.1:${used.tcpPort} and also by 127.0.0.1:${other.tcpPort}: the first is used`,
  ]);
});

test('a reply that names the address of another server is followed', async () => {
  await using server = await startServer({ X: aDouble() }, { searchReplyAddress: 0x7f00_0002 }); // 127.0.0.2
  using client = clientOf([server]);
  const channel = client.channel('X');
  const refused = new Collected<string>();
  await server.until(() => server.searches.length > 0);
  server.script.searchReplyAddress = 0x7f00_0001;
  await channel.waitForConnection(10);
  expect(channel.host).toBe(`127.0.0.1:${server.tcpPort}`);
  expect(refused.all).toEqual([]);
});

describe('a name server', () => {
  test('is asked over TCP, for channels of its own and of others', async () => {
    await using server = await startServer({ X: aDouble(1), Y: aDouble(2) });
    using client = clientOf([], { nameServers: [`127.0.0.1:${server.tcpPort}`] });
    const [x, y] = await Promise.all(['X', 'Y'].map((name) => client.channel(name).waitForConnection(5)));
    expect([(await x?.get())?.value, (await y?.get())?.value]).toEqual([1, 2]);
    expect(server.searches).toEqual([]);
    x?.close();
    y?.close();
    await client.channel('X').waitForConnection(5);
    expect(server.countOf(COMMAND.CLIENT_NAME)).toBe(1);
  });

  test('that was away is asked as soon as it is back', async () => {
    const tcpPort = await freePort();
    const start = performance.now();
    using client = clientOf([], { nameServers: [`127.0.0.1:${tcpPort}`] });
    const channel = client.channel('X');
    await expect(channel.waitForConnection(1)).rejects.toThrow('not connected within 1 s');
    await using _server = await new ScriptedServer({ pvs: { X: aDouble() }, tcpPort }).start();
    await channel.waitForConnection(10);
    // It is tried again after five seconds; by itself the next search would come at about eight.
    expect(secondsSince(start)).toBeLessThan(5.8);
  });
});

describe('beacons', () => {
  test('of a new server start a search at once', async () => {
    using repeater = await aRepeater();
    await using server = await startServer({ X: aDouble() });
    server.answersSearches = false;
    using client = clientOf([server], { beacons: true, repeaterPort: repeater.port });
    const channel = client.channel('X');
    await repeater.registered;
    // Long enough that the next search by itself is two seconds away.
    await server.until(() => server.searches.length >= 7);
    server.answersSearches = true;
    const start = performance.now();
    await repeater.pass(aBeacon(0));
    await channel.waitForConnection(5);
    expect(secondsSince(start)).toBeLessThan(0.3);
  });

  test('however irregular, never change the state of a channel', async () => {
    using repeater = await aRepeater();
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server], { beacons: true, repeaterPort: repeater.port });
    const channel = await client.channel('X').waitForConnection(5);
    const events: string[] = [];
    for (const event of ['connect', 'disconnect', 'responsive'] as const) channel.on(event, () => events.push(event));
    for (const id of [5, 5, 0, 900, 3, 3, 2 ** 32 - 1, 0]) await repeater.pass(aBeacon(id, server.tcpPort));
    expect((await channel.get()).value).toBe(7.25);
    expect(events).toEqual([]);
    expect(server.circuits.size).toBe(1);
  });
});

test('junk datagrams, empty, short, truncated and random, change nothing', async () => {
  using repeater = await aRepeater();
  await using server = await startServer({ X: aDouble() });
  using client = clientOf([server], { beacons: true, repeaterPort: repeater.port });
  const channel = await client.channel('X').waitForConnection(5);
  await repeater.pass(Buffer.alloc(0));
  await repeater.pass(Buffer.alloc(1));
  await repeater.pass(aBeacon(1).subarray(0, 15));
  for (let round = 0; round < 500; round++) await repeater.pass(randomBytes(round));
  expect((await channel.get()).value).toBe(7.25);
  server.dropCircuits();
  await next(channel, 'connect');
});

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/epics/ca/codec/commands.ts';
import { CaDisconnectedError, type CaReading, DBR, ECA } from '../../../src/epics/index.ts';
import { clientOf, Collected, next, secondsSince } from '../../support/epics/clients.ts';
import { aDouble, ScriptedServer, startServer } from '../../support/epics/scripted-server.ts';

describe('a server that goes away', () => {
  test('is told at once, ends what was under way, and gets its channels and monitors back when it returns', async () => {
    // Given a channel with a monitor and a put under way
    const first = await startServer(
      { X: aDouble(1) },
      { intercept: ({ command }) => command === COMMAND.WRITE_NOTIFY },
    );
    const { udpPort } = first;
    using client = clientOf([first]);
    const channel = await client.channel('X').waitForConnection(5);
    const readings = new Collected<CaReading>();
    channel.subscribe(readings.add);
    await readings.take(1);
    const put = channel.put(5);
    const disconnected = next(channel, 'disconnect');

    // When the server dies
    const died = performance.now();
    await first.close();
    await expect(put).rejects.toThrow(CaDisconnectedError);
    await disconnected;
    expect(secondsSince(died)).toBeLessThan(0.5);
    await expect(channel.get()).rejects.toThrow(CaDisconnectedError);

    // Then the same handle comes back with its monitor, and sees that the record is another one now
    const second = new ScriptedServer({ pvs: { X: { type: DBR.LONG, count: 3, value: [4, 5, 6] } } });
    await using _closing = await second.start(udpPort);
    const back = performance.now();
    await next(channel, 'connect');
    await readings.take(2);
    expect(secondsSince(back)).toBeLessThan(2);
    expect(channel).toMatchObject({ nativeType: DBR.LONG, nativeCount: 3 });
    expect(readings.all.at(-1)).toMatchObject({ value: Int32Array.of(4, 5, 6), dbrType: 19 });
  });

  test('is noticed within two seconds of its return after a long absence, without any beacon', async () => {
    await using server = await startServer({ X: aDouble(), Y: aDouble() });
    using client = clientOf([server]);
    const channels = [client.channel('X'), client.channel('Y')];
    await Promise.all(channels.map((channel) => channel.waitForConnection(5)));
    server.answersSearches = false;
    server.searches.length = 0;
    server.dropCircuits();
    // By its ninth search a name is asked for every four seconds only.
    await server.until(() => server.searches.filter((name) => name === 'Y').length === 9);

    server.answersSearches = true;
    const back = performance.now();
    await Promise.all(channels.map((channel) => channel.waitForConnection(5)));
    expect(secondsSince(back)).toBeLessThan(2);
    expect(server.circuits.size).toBe(1);
  });

  test('and accepts no connection is not stormed', async () => {
    await using server = await startServer({ X: aDouble() });
    let accepted = 0;
    server.script.intercept = ({ command }, circuit) => {
      if (command === COMMAND.VERSION) accepted += 1;
      circuit.socket.destroy();
      return true;
    };
    using client = clientOf([server]);
    await expect(client.channel('X').waitForConnection(2.5)).rejects.toThrow('not connected within 2.5 s');
    expect(accepted).toBeGreaterThan(1);
    expect(accepted).toBeLessThan(5);
  });
});

describe('a server that falls silent', () => {
  test('is unresponsive after CONN_TMO and a second, given up CONN_TMO after the echo, and found again when it wakes', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server], { connTimeout: 2 });
    const channel = await client.channel('X').waitForConnection(5);
    await channel.get();
    const start = performance.now();
    server.isFrozen = true;
    const pending = channel.get();
    const rejected = expect(pending).rejects.toThrow(CaDisconnectedError);
    expect(await next(channel, 'responsive')).toEqual([false]);
    expect(Math.abs(secondsSince(start) - 3)).toBeLessThan(0.5);
    expect(channel.state).toBe('connected');
    await next(channel, 'disconnect');
    expect(Math.abs(secondsSince(start) - 4)).toBeLessThan(0.5);
    await rejected;
    server.isFrozen = false;
    await next(channel, 'connect');
    expect((await channel.get()).value).toBe(7.25);
  });

  test('for less than twice CONN_TMO keeps its circuit, and nothing is lost', async () => {
    await using server = await startServer({ X: aDouble() });
    const held: (() => void)[] = [];
    using client = clientOf([server], { connTimeout: 2 });
    const channel = await client.channel('X').waitForConnection(5);
    channel.on('disconnect', () => expect.fail('disconnected'));
    server.script.intercept = (message, circuit) => {
      held.push(() => circuit.send({ ...message, p1: 1 }));
      return true;
    };
    const put = channel.put(1);
    expect(await next(channel, 'responsive')).toEqual([false]);
    const responsive = next(channel, 'responsive');
    delete server.script.intercept;
    for (const answer of held) answer();
    expect(await responsive).toEqual([true]);
    await put;
    expect(channel.state).toBe('connected');
  });
});

test('a server that does not read is not written to without end', async () => {
  await using server = await startServer({ W: { type: DBR.DOUBLE, count: 1_000_000, value: [] } });
  using client = clientOf([server], { maxArrayBytes: 8_000_000 });
  const channel = await client.channel('W').waitForConnection(5);
  server.circuit.socket.pause();
  const array = new Float64Array(1_000_000);
  const floods = Array.from({ length: 12 }, () => channel.put(array, { wait: false }));
  const refused = (await Promise.allSettled(floods)).filter(({ status }) => status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ reason: { name: 'CaError', code: ECA.ALLOCMEM } });
  expect(channel.state).toBe('connected');
});

describe('junk', () => {
  test('of random bytes on a circuit costs at most that circuit', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    for (let round = 0; round < 3; round++) {
      await channel.waitForConnection(10);
      server.circuit.socket.write(randomBytes(5000));
      const disconnected = next(channel, 'disconnect');
      await channel.get({ timeout: 0.3 }).catch(() => undefined);
      server.dropCircuits();
      await disconnected;
    }
    await channel.waitForConnection(10);
    expect((await channel.get()).value).toBe(7.25);
  });

  test('that claims a message over the limit ends the circuit', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server], { maxArrayBytes: 100_000 });
    const channel = await client.channel('X').waitForConnection(5);
    const disconnected = next(channel, 'disconnect');
    server.circuit.socket.write(Buffer.from('000fffff00060000000000010000000100100000000f4240', 'hex'));
    expect((await disconnected)[0]).toContain('a message of 1048576 bytes is over the limit');
  });

  test('that claims more elements than came is rejected as such', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    server.script.intercept = (message, circuit) => {
      circuit.send({ ...message, count: 500, p1: 1 }, Buffer.alloc(16));
      return true;
    };
    await expect(channel.get()).rejects.toMatchObject({
      name: 'CaError',
      message: 'get X: the answer cannot be decoded',
    });
  });
});

test('a listener that throws costs nobody a reply, and surfaces as an uncaught error', async () => {
  const script = new URL('fixtures/throwing-listener.ts', import.meta.url).pathname;
  await using server = await startServer({ X: aDouble() });
  const { stdout } = await promisify(execFile)(process.execPath, [script, server.searchAddress]);
  expect(JSON.parse(stdout)).toEqual({
    replies: 50,
    otherMonitor: 1,
    uncaught: ['monitor listener', 'event listener'],
  });
});

test('a process whose context is closed ends by itself: no timer, socket or handle is left', async () => {
  const script = new URL('fixtures/closes-and-ends.ts', import.meta.url).pathname;
  const intercept = ({ command }: { command: number }): boolean => command === COMMAND.WRITE_NOTIFY;
  await using server = await startServer({ X: aDouble() }, { intercept });
  // Less than the five seconds after which a name server is tried again.
  const { stdout } = await promisify(execFile)(process.execPath, [script, server.searchAddress], { timeout: 4500 });
  expect(JSON.parse(stdout)).toEqual({ put: 'CaDisconnectedError', wait: 'CaDisconnectedError' });
});

import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/epics/ca/codec/commands.ts';
import { encodeError } from '../../../src/epics/ca/codec/error-message.ts';
import { CaDisconnectedError, CaError, type CaReading, CaTimeoutError, DBR, ECA } from '../../../src/epics/index.ts';
import { clientOf, Collected, next, secondsSince } from '../../support/epics/clients.ts';
import { aDouble, startServer } from '../../support/epics/scripted-server.ts';

describe('a handle of a channel', () => {
  test('tells what the server told of the channel', async () => {
    await using server = await startServer({ X: { type: DBR.LONG, count: 5, value: [1, 2] } });
    using client = clientOf([server]);
    const channel = client.channel('X');
    expect(channel).toMatchObject({ state: 'searching', access: 0, host: undefined });
    await channel.waitForConnection(5);
    expect(channel).toMatchObject({ state: 'connected', nativeType: DBR.LONG, nativeCount: 5, access: 3 });
    expect(channel.host).toBe(`127.0.0.1:${server.tcpPort}`);
  });

  test('is harmed neither by another handle of its name that is closed, nor by one that is closed twice', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const [mine, other] = [client.channel('X'), client.channel('X')];
    await Promise.all([mine.waitForConnection(5), other.waitForConnection(5)]);
    const readings = new Collected<CaReading>();
    mine.subscribe(readings.add);
    await readings.take(1);

    const pending = other.get();
    other.close();
    other.close();

    await expect(pending).rejects.toThrow(CaDisconnectedError);
    expect(other.state).toBe('closed');
    expect(() => other.subscribe(() => undefined)).toThrow(CaDisconnectedError);
    expect((await mine.get()).value).toBe(7.25);
    server.post('X', 8);
    expect((await readings.take(2)).at(-1)?.value).toBe(8);
    expect(server.countOf(COMMAND.CREATE_CHAN)).toBe(1);
  });

  test('closes the channel on the wire, and the circuit, when it is the last', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    channel.close();
    await server.until(() => server.circuits.size === 0);
    expect(server.countOf(COMMAND.CLEAR_CHANNEL)).toBe(1);
    await client.channel('X').waitForConnection(5);
  });

  test('may wait for its first connection in vain, and is connected later all the same', async () => {
    await using server = await startServer({ X: aDouble() });
    server.answersSearches = false;
    using client = clientOf([server]);
    const channel = client.channel('X');
    await expect(channel.waitForConnection(0.1)).rejects.toThrow(
      new CaTimeoutError('X (searching): not connected within 0.1 s'),
    );
    await expect(channel.get()).rejects.toThrow('get X: not connected (searching)');
    server.answersSearches = true;
    await next(channel, 'connect');
    expect((await channel.get()).value).toBe(7.25);
  });

  test('ends its waits when it is closed, and when the context is', async () => {
    await using server = await startServer({});
    using client = clientOf([server]);
    const [first, second] = [client.channel('X'), client.channel('Y')];
    const waits = [first.waitForConnection(), second.waitForConnection()];
    first.close();
    client.close();
    for (const wait of waits) await expect(wait).rejects.toThrow('the channel was closed');
    expect(() => client.channel('Z')).toThrow(CaDisconnectedError);
  });

  test('does without its context when that is closed before it has begun', async () => {
    const client = clientOf([{ searchAddress: '127.0.0.1:5064' }]);
    const wait = client.channel('X').waitForConnection();
    client.close();
    await expect(wait).rejects.toThrow('the channel was closed');
    await client.ready;
  });

  test('refuses names that no server can have', async () => {
    await using server = await startServer({});
    using client = clientOf([server]);
    expect(() => client.channel('')).toThrow(CaError);
    expect(() => client.channel('x'.repeat(501))).toThrow(CaError);
  });
});

describe('a request', () => {
  test("that gets no answer in time is rejected; a late answer is nobody's, and the next request has its own", async () => {
    const held: (() => void)[] = [];
    await using server = await startServer(
      { X: aDouble() },
      {
        intercept: (message, circuit) => {
          if (message.command !== COMMAND.WRITE_NOTIFY) return false;
          held.push(() => circuit.send({ ...message, p1: ECA.NORMAL }));
          return true;
        },
      },
    );
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    await expect(channel.put(1, { timeout: 0.05 })).rejects.toThrow(new CaTimeoutError('put X: no answer in 0.05 s'));
    const second = channel.put(2);
    await server.until(() => held.length === 2);
    held[0]?.();
    expect((await channel.get()).value).toBe(7.25);
    held[1]?.();
    await second;
  });

  test('that an ERROR names is rejected with its code, and no other', async () => {
    await using server = await startServer(
      { X: aDouble() },
      {
        intercept: (message, circuit) => {
          if (message.command !== COMMAND.READ_NOTIFY || message.count !== 3) return false;
          const error = { request: message, code: ECA.BADCOUNT, text: 'bad count' };
          circuit.socket.write(Buffer.concat(encodeError(0, error)));
          return true;
        },
      },
    );
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    const [good, bad] = await Promise.allSettled([channel.get(), channel.get({ count: 3 })]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ status: 'rejected', reason: { name: 'CaError', code: ECA.BADCOUNT } });
  });

  test("refused by its own answer carries the server's code", async () => {
    await using server = await startServer(
      { X: aDouble() },
      {
        intercept: (message, circuit) => {
          if (message.command !== COMMAND.WRITE_NOTIFY) return false;
          circuit.send({ ...message, p1: ECA.PUTFAIL });
          return true;
        },
      },
    );
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    await expect(channel.put(1)).rejects.toMatchObject({
      code: ECA.PUTFAIL,
      message: 'put X: the server could not write the channel',
    });
  });

  test('a write without callback that is refused surfaces as an exception of its channel', async () => {
    await using server = await startServer(
      { X: aDouble() },
      {
        intercept: (message, circuit) => {
          if (message.command !== COMMAND.WRITE) return false;
          const cid = circuit.channels.get(message.p1)?.cid ?? 0;
          circuit.socket.write(Buffer.concat(encodeError(cid, { request: message, code: 160, text: 'X is disabled' })));
          return true;
        },
      },
    );
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    const exception = next(channel, 'exception');
    await channel.put(1, { wait: false });
    expect((await exception)[0]).toMatchObject({ code: 160, message: expect.stringContaining('X is disabled') });
  });

  test('a refused value leaves nothing behind and sends nothing', async () => {
    await using server = await startServer({ X: { type: DBR.LONG, count: 1, value: 1 } });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    await expect(channel.put(NaN)).rejects.toMatchObject({ code: ECA.NOCONVERT });
    await channel.get();
    expect(server.countOf(COMMAND.WRITE_NOTIFY)).toBe(0);
  });

  test('a write that was the last word before the context is closed still arrives', async () => {
    await using server = await startServer({ 'm1.STOP': aDouble(0) });
    const client = clientOf([server]);
    const channel = await client.channel('m1.STOP').waitForConnection(5);
    void channel.put(1, { wait: false });
    client.close();
    await server.until(() => server.countOf(COMMAND.WRITE) === 1);
  });

  test('ids wrap around without mixing up answers and monitors', async () => {
    await using server = await startServer({ X: aDouble(1), Y: aDouble(2), Z: aDouble(3) });
    using client = clientOf([server], { firstId: 2 ** 32 - 2 });
    const channels = ['X', 'Y', 'Z'].map((name) => client.channel(name));
    await Promise.all(channels.map((channel) => channel.waitForConnection(5)));
    const readings = new Collected<CaReading>();
    for (const channel of channels) channel.subscribe(readings.add);
    for (let round = 0; round < 3; round++) {
      const values = await Promise.all(channels.map(async (channel) => (await channel.get()).value));
      expect(values).toEqual([1, 2, 3]);
    }
    expect((await readings.take(3)).map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});

describe('access rights', () => {
  test('that change are told, and a put without the right is refused before it is sent', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    const change = next(channel, 'access');
    const cid = server.circuit.cidOf('X');
    server.circuit.send({ command: COMMAND.ACCESS_RIGHTS, p1: cid, p2: 1 });
    expect(await change).toEqual([1]);
    await expect(channel.put(1)).rejects.toMatchObject({ code: ECA.NOWTACCESS, message: 'put X: no write access' });
    expect((await channel.get()).value).toBe(7.25);
    expect(server.countOf(COMMAND.WRITE_NOTIFY)).toBe(0);
  });
});

describe('a subscription', () => {
  test('begins with the present value, follows arrays of varying length, and is silent once cancelled', async () => {
    await using server = await startServer({ W: { type: DBR.DOUBLE, count: 100, value: [] } });
    using client = clientOf([server]);
    const channel = await client.channel('W').waitForConnection(5);
    const readings = new Collected<CaReading>();
    const subscription = channel.subscribe(readings.add);
    await readings.take(1);
    server.post('W', [1]);
    server.post('W', [1, 2, 3]);
    server.post('W', []);
    expect((await readings.take(4)).map(({ value }) => value)).toEqual([
      Float64Array.of(),
      Float64Array.of(1),
      Float64Array.of(1, 2, 3),
      Float64Array.of(),
    ]);

    server.post('W', [9]); // under way when it is cancelled
    subscription.cancel();
    subscription.cancel();
    await channel.get();
    expect(readings.all).toHaveLength(4);
    expect(server.countOf(COMMAND.EVENT_CANCEL)).toBe(1);
  });

  test('leaves the others of the circuit alone when it is cancelled', async () => {
    await using server = await startServer({ X: aDouble(), Y: aDouble() });
    using client = clientOf([server]);
    const readings = new Collected<CaReading>();
    const cancelled = client.channel('X').subscribe(() => undefined);
    client.channel('X').subscribe(readings.add);
    client.channel('Y').subscribe(readings.add);
    await readings.take(2);
    cancelled.cancel();
    await client.channel('X').get();
    server.post('X', 1);
    server.post('Y', 2);
    expect((await readings.take(4)).slice(2).map(({ value }) => value)).toEqual([1, 2]);
  });

  test('that the server refuses tells its user why, and goes on', async () => {
    await using server = await startServer({ X: aDouble() });
    using client = clientOf([server]);
    const errors = new Collected<CaError>();
    const readings = new Collected<CaReading>();
    client.channel('X').subscribe(readings.add, { onError: errors.add });
    await readings.take(1);
    const [id = 0] = server.circuit.monitors.keys();
    server.circuit.send({ command: COMMAND.EVENT_ADD, type: 20, count: 1, p1: ECA.NORDACCESS, p2: id });
    server.post('X', 5);
    await readings.take(2);
    expect(errors.all).toMatchObject([{ code: ECA.NORDACCESS, message: 'X: monitor: no read access' }]);
  });
});

describe('a server that takes a channel away', () => {
  test('is asked again after a second', async () => {
    const intercept = ({ command }: { command: number }): boolean => command === COMMAND.WRITE_NOTIFY;
    await using server = await startServer({ X: aDouble() }, { intercept });
    using client = clientOf([server]);
    const channel = await client.channel('X').waitForConnection(5);
    const pending = channel.put(1);
    const cid = server.circuit.cidOf('X');
    const start = performance.now();
    server.circuit.send({ command: COMMAND.SERVER_DISCONN, p1: cid });
    expect(await next(channel, 'disconnect')).toEqual(['the server closed the channel']);
    await expect(pending).rejects.toThrow(CaDisconnectedError);
    await next(channel, 'connect');
    expect(secondsSince(start)).toBeGreaterThan(0.9);
    expect((await channel.get()).value).toBe(7.25);
  });

  test('or refuses it is asked again after five', async () => {
    await using server = await startServer({ X: aDouble() });
    let refusals = 0;
    server.script.intercept = ({ command, p1 }, circuit) => {
      if (command !== COMMAND.CREATE_CHAN || refusals > 0) return false;
      refusals += 1;
      circuit.send({ command: COMMAND.CREATE_CH_FAIL, p1 });
      return true;
    };
    using client = clientOf([server]);
    const start = performance.now();
    await client.channel('X').waitForConnection(10);
    expect(refusals).toBe(1);
    expect(secondsSince(start)).toBeGreaterThan(4.9);
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { COMMAND } from '../../../src/epics/ca/codec/commands.ts';
import { encodeHeader } from '../../../src/epics/ca/codec/message.ts';
import { parseDatagram } from '../../../src/epics/ca/codec/parser.ts';
import {
  type CaChannel,
  CaDisconnectedError,
  type CaError,
  type CaReading,
  CaTimeoutError,
  DBR,
  ECA,
} from '../../../src/epics/index.ts';
import { AnalogRecord } from '../../../src/sim-ioc/records/analog.ts';
import { DiscreteRecord } from '../../../src/sim-ioc/records/discrete.ts';
import { WaveformRecord } from '../../../src/sim-ioc/records/waveform.ts';
import { clientOf, Collected, next, secondsSince } from '../../support/epics/clients.ts';
import { freePort } from '../../support/epics/free-port.ts';
import { simIoc } from '../../support/epics/sim-ioc.ts';
import { SimIocProcess } from '../../support/epics/sim-ioc-process.ts';

// Our client against our IOC, by the numbers of the acceptance tests of the client (reference, section 2.4).

const anAnalog = (value = 0): AnalogRecord => new AnalogRecord('T:ao', 'ao', { value });
/** A record that takes its time. */
const slow = (seconds: number): AnalogRecord =>
  new AnalogRecord('T:slow', 'ao', { device: (signal) => delay(seconds * 1000, undefined, { signal }) });
const anArray = (): WaveformRecord =>
  new WaveformRecord('T:array', { elements: 'DOUBLE', capacity: 100, value: Float64Array.of() });

describe('an enum (3)', () => {
  test('is written by index and by state, read as either, and refuses what is no state', async () => {
    await using ioc = await simIoc([new DiscreteRecord('T:mode', 'mbbo', { states: ['Off', 'Slow', 'Fast'] })]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:mode').waitForConnection(5);

    await channel.put(2);
    expect(await channel.get({ type: DBR.STRING })).toMatchObject({ value: 'Fast' });
    await channel.put('Slow');
    expect(await channel.get({ form: 'ctrl' })).toMatchObject({ value: 1, enumStrings: ['Off', 'Slow', 'Fast'] });
    // Our client knows the states and sends nothing; the IOC says the same to a client that does.
    await expect(channel.put('Sideways')).rejects.toMatchObject({ name: 'CaError', code: ECA.PUTFAIL });
    await expect(channel.put('Sideways', { type: DBR.STRING })).rejects.toMatchObject({ code: ECA.PUTFAIL });
    expect((await channel.get()).value).toBe(1);
  });
});

describe('a put-callback to a record that takes two seconds (4)', () => {
  test('resolves when the record has ended, and holds up no other request', async () => {
    await using ioc = await simIoc([slow(2)]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:slow').waitForConnection(5);
    const start = performance.now();
    let isDone = false;
    const put = channel.put(7).then(() => (isDone = true));

    expect((await channel.get()).value).toBe(7);
    expect(isDone).toBe(false);
    await put;
    expect(secondsSince(start)).toBeGreaterThan(1.9);
    expect(secondsSince(start)).toBeLessThan(2.5);
  });

  test('that is not waited for to the end is a time-out, and its late answer harms nobody', async () => {
    await using ioc = await simIoc([slow(0.6)]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:slow').waitForConnection(5);

    await expect(channel.put(7, { timeout: 0.2 })).rejects.toThrow(CaTimeoutError);
    await channel.put(8); // queued behind the first, whose answer comes meanwhile
    expect((await channel.get()).value).toBe(8);
  });
});

describe('a write that is refused (5)', () => {
  test('for want of access is refused before it is sent', async () => {
    await using ioc = await simIoc([anAnalog(7)], { access: { 'T:ao': 'read' } });
    using client = clientOf([ioc]);
    const channel = await client.channel('T:ao').waitForConnection(5);

    await expect(channel.put(8)).rejects.toMatchObject({ code: ECA.NOWTACCESS });
    expect((await channel.get()).value).toBe(7);
  });

  test('by a disabled record (DISP) says so, with a callback and without', async () => {
    await using ioc = await simIoc([anAnalog(7)]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:ao').waitForConnection(5);
    const disabled = await client.channel('T:ao.DISP').waitForConnection(5);
    await disabled.put(1);

    await expect(channel.put(8)).rejects.toMatchObject({ code: ECA.PUTFAIL });
    const exception = next(channel, 'exception');
    await channel.put(8, { wait: false });
    expect(await exception).toMatchObject([{ code: ECA.PUTFAIL }]);
    expect((await channel.get()).value).toBe(7);

    await disabled.put(0);
    await channel.put(8);
    expect((await channel.get()).value).toBe(8);
  });

  test('for too many elements is never sent', async () => {
    await using ioc = await simIoc([anArray()]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:array').waitForConnection(5);
    await expect(channel.put(new Float64Array(101))).rejects.toMatchObject({ code: ECA.BADCOUNT });
    expect((await channel.get()).value).toHaveLength(0);
  });
});

test('an array is as long as it is, read and monitored (7)', async () => {
  const record = anArray();
  await using ioc = await simIoc([record]);
  using client = clientOf([ioc]);
  const channel = await client.channel('T:array').waitForConnection(5);
  const readings = new Collected<CaReading>();
  channel.subscribe(readings.add);

  expect(await channel.get()).toMatchObject({ value: Float64Array.of(), count: 0 });
  for (const length of [3, 100, 1]) await channel.put(Float64Array.from({ length }, (_, index) => index + 0.5));
  record.update(Float64Array.of()); // no client can write that

  expect((await readings.take(5)).map(({ count }) => count)).toEqual([0, 3, 100, 1, 0]);
  expect(readings.all[1]?.value).toEqual(Float64Array.of(0.5, 1.5, 2.5));
  expect(channel.nativeCount).toBe(100);
});

test('an IOC that restarts is told at once, and found again with all monitors, as what it is then (9)', async () => {
  const first = await simIoc([slow(60), anArray()]);
  using client = clientOf([first]);
  const channels = await Promise.all(['T:slow', 'T:array'].map((name) => client.channel(name).waitForConnection(5)));
  const [handle, array] = channels as [CaChannel, CaChannel];
  const readings = new Collected<CaReading>();
  array.subscribe(readings.add);
  await readings.take(1);
  const put = expect(handle.put(1)).rejects.toThrow(CaDisconnectedError);
  const lost = Promise.all(channels.map((channel) => next(channel, 'disconnect')));

  const died = performance.now();
  await first.close();
  await Promise.all([put, lost]);
  expect(secondsSince(died)).toBeLessThan(0.5);

  const found = Promise.all(channels.map((channel) => next(channel, 'connect')));
  const longer = new WaveformRecord('T:array', { elements: 'LONG', capacity: 7, value: Int32Array.of(4, 5) });
  await using _second = await simIoc([slow(0.01), longer], { udpPort: first.udpPort });
  const back = performance.now();
  await found;
  await readings.take(2);
  expect(secondsSince(back)).toBeLessThan(2);
  expect(array).toMatchObject({ nativeType: DBR.LONG, nativeCount: 7 });
  expect(readings.all.at(-1)?.value).toEqual(Int32Array.of(4, 5));
  await handle.put(2);
});

describe('an IOC that is stopped as a process (10)', () => {
  const clientOfProcess = (ioc: SimIocProcess) =>
    clientOf([{ searchAddress: `127.0.0.1:${ioc.udpPort}` }], { connTimeout: 2 });

  test('is unresponsive, then given up with all that waits, and found again when it wakes', async () => {
    await using ioc = await SimIocProcess.start();
    using client = clientOfProcess(ioc);
    const channel = await client.channel('BGDEMO:ao').waitForConnection(5);
    await channel.put(3);
    const start = performance.now();

    ioc.child.kill('SIGSTOP');
    const pending = expect(channel.get()).rejects.toThrow(CaDisconnectedError);
    expect(await next(channel, 'responsive')).toEqual([false]);
    expect(secondsSince(start)).toBeGreaterThan(2.5);
    await Promise.all([pending, next(channel, 'disconnect')]);
    expect(secondsSince(start)).toBeGreaterThan(3.5);
    expect(secondsSince(start)).toBeLessThan(5.5);

    ioc.child.kill('SIGCONT');
    await next(channel, 'connect');
    expect((await channel.get()).value).toBe(3);
  });

  test('for less than that loses nothing', async () => {
    await using ioc = await SimIocProcess.start();
    using client = clientOfProcess(ioc);
    const channel = await client.channel('BGDEMO:ao').waitForConnection(5);
    channel.on('disconnect', () => expect.fail('disconnected'));

    ioc.child.kill('SIGSTOP');
    const put = channel.put(4);
    expect(await next(channel, 'responsive')).toEqual([false]);
    ioc.child.kill('SIGCONT');
    expect(await next(channel, 'responsive')).toEqual([true]);
    await put;
    expect((await channel.get()).value).toBe(4);
  });
});

/** A machine's repeater: beacons come to its port, and go on to the clients that have registered. */
async function aRepeater() {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const clients = new Set<number>();
  const passed = new Collected<number>();
  const { promise: registered, resolve } = Promise.withResolvers<void>();
  socket.on('message', (datagram, { port }) => {
    const [message] = parseDatagram(datagram);
    if (message?.command === COMMAND.RSRV_IS_UP) {
      for (const client of clients) socket.send(datagram, client, '127.0.0.1');
      passed.add(message.p1);
    } else {
      clients.add(port);
      socket.send(encodeHeader({ command: COMMAND.REPEATER_CONFIRM }, 0), port, '127.0.0.1', () => resolve());
    }
  });
  return { port: socket.address().port, registered, passed, [Symbol.dispose]: () => void socket.close() };
}

describe('beacons (12)', () => {
  test('of an IOC that has just started bring a search at once', async () => {
    using repeater = await aRepeater();
    const udpPort = await freePort();
    using client = clientOf([{ searchAddress: `127.0.0.1:${udpPort}` }], {
      beacons: true,
      repeaterPort: repeater.port,
    });
    const channel = client.channel('T:ao');
    // By now the next search by itself is some seconds away.
    await expect(channel.waitForConnection(4)).rejects.toThrow(CaTimeoutError);

    await using _ioc = await simIoc([anAnalog()], { udpPort, beaconPort: repeater.port });
    const start = performance.now();
    await channel.waitForConnection(5);
    expect(secondsSince(start)).toBeLessThan(0.5);
  });

  test('that are doubled, jump and go back change the state of no channel', async () => {
    using repeater = await aRepeater();
    await using ioc = await simIoc([anAnalog(7)], { beaconPort: repeater.port });
    using client = clientOf([ioc], { beacons: true, repeaterPort: repeater.port });
    const channel = await client.channel('T:ao').waitForConnection(5);
    await repeater.registered;
    const events: string[] = [];
    for (const event of ['connect', 'disconnect', 'responsive'] as const) channel.on(event, () => events.push(event));

    const irregular = [500, 500, 2 ** 32 - 1, 499, 900];
    for (const id of irregular) ioc.faults.beacon(id);
    await expect.poll(() => irregular.every((id) => repeater.passed.all.includes(id)), { interval: 5 }).toBe(true);

    expect((await channel.get()).value).toBe(7);
    expect(events).toEqual([]);
  });
});

describe('a server that takes a channel away or refuses it (13)', () => {
  test('SERVER_DISCONN ends what is under way; the channel is asked for again', async () => {
    await using ioc = await simIoc([slow(60), anAnalog(7)]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:slow').waitForConnection(5);
    const other = await client.channel('T:ao').waitForConnection(5);
    other.on('disconnect', () => expect.fail('another record was not taken away'));
    const readings = new Collected<CaReading>();
    channel.subscribe(readings.add);
    await readings.take(1);
    const put = expect(channel.put(1)).rejects.toThrow(CaDisconnectedError);
    await channel.get();

    ioc.faults.disconnect('T:slow');
    await put;
    expect(channel.state).not.toBe('connected');
    await next(channel, 'connect');
    await readings.take(2);
    expect((await other.get()).value).toBe(7);
  });

  test('CREATE_CH_FAIL: it is asked for again until it is there', async () => {
    await using ioc = await simIoc([anAnalog(7)]);
    ioc.faults.refuse('T:ao');
    using client = clientOf([ioc]);
    const channel = client.channel('T:ao');
    await expect(channel.waitForConnection(1)).rejects.toThrow(CaTimeoutError);

    ioc.faults.refuse('T:ao', false);
    await channel.waitForConnection(10);
    expect((await channel.get()).value).toBe(7);
  });

  test('rights that change are told, and hold for monitors, too', async () => {
    await using ioc = await simIoc([anAnalog(7)]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:ao').waitForConnection(5);
    const readings = new Collected<CaReading>();
    const errors = new Collected<CaError>();
    channel.subscribe(readings.add, { onError: errors.add });
    await readings.take(1);

    let change = next(channel, 'access');
    ioc.faults.setAccess('T:ao', 'none');
    expect(await change).toEqual([0]);
    expect(await errors.take(1)).toMatchObject([{ code: ECA.NORDACCESS }]);
    await expect(channel.put(8)).rejects.toMatchObject({ code: ECA.NOWTACCESS });

    change = next(channel, 'access');
    ioc.faults.setAccess('T:ao', 'read-write');
    expect(await change).toEqual([3]);
    await readings.take(2);
    await channel.put(8);
    expect((await readings.take(3)).at(-1)?.value).toBe(8);
  });

  test('of two IOCs with one name the first that answers is used, and the other is reported', async () => {
    await using first = await simIoc([anAnalog(1)]);
    await using second = await simIoc([anAnalog(2)]);
    const log = new Collected<string>();
    using client = clientOf([first, second], { onLog: (_level, message) => log.add(message) });
    const channel = await client.channel('T:ao').waitForConnection(5);
    await log.take(1);

    const used = (await channel.get()).value === 1 ? first : second;
    const other = used === first ? second : first;
    expect(channel.host).toBe(`127.0.0.1:${used.tcpPort}`);
    expect(log.all).toEqual([
      `T:ao is served by 127.0.0.1:${used.tcpPort} and also by 127.0.0.1:${other.tcpPort}: the first is used`,
    ]);
  });
});

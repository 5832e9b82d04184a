import { describe, expect, test } from 'vitest';
import { type CaChannel, type CaContext, CaTimeoutError, type CaReading, ECA } from '../../../src/epics/index.ts';
import { startDemoIoc } from '../../../src/sim-ioc/demo-ioc.ts';
import type { Faults } from '../../../src/sim-ioc/faults.ts';
import type { Ioc } from '../../../src/sim-ioc/ioc.ts';
import { clientOf, Collected, next, secondsSince } from '../../support/epics/clients.ts';

/** The demo beamline, a client that suffers, and another client that asks for faults. */
class FaultyBeamline implements AsyncDisposable {
  readonly client: CaContext;
  readonly #ioc: Ioc;
  readonly #asking: CaContext;

  private constructor(ioc: Ioc) {
    this.#ioc = ioc;
    const server = { searchAddress: `${ioc.host}:${ioc.udpPort}` };
    this.client = clientOf([server]);
    this.#asking = clientOf([server]);
  }

  static async start(): Promise<FaultyBeamline> {
    return new FaultyBeamline(await startDemoIoc());
  }

  get faults(): Faults {
    return this.#ioc.faults;
  }

  /** Asks for a fault as any client can; resolves when the write is on its way, or with its answer. */
  async ask(name: string, value: number | string, wait = true): Promise<void> {
    const channel = await this.#asking.channel(`BGDEMO:fault:${name}`).waitForConnection(5);
    await channel.put(value, { wait });
  }

  channel(name: string): Promise<CaChannel> {
    return this.client.channel(name).waitForConnection(10);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    this.#asking.close();
    await this.#ioc.close();
  }
}

describe('a frozen IOC', () => {
  test('says and reads nothing, answers no search, and loses nothing', async () => {
    await using on = await FaultyBeamline.start();
    const channel = await on.channel('BGDEMO:ao');
    on.faults.freeze();

    let isAnswered = false;
    const put = channel.put(5).then(() => (isAnswered = true));
    await expect(channel.get({ timeout: 0.2 })).rejects.toThrow(CaTimeoutError);
    const other = on.client.channel('BGDEMO:mbbo');
    await expect(other.waitForConnection(0.2)).rejects.toThrow(CaTimeoutError);
    expect(other.state).toBe('searching');
    expect(isAnswered).toBe(false);

    on.faults.thaw();
    await put;
    expect((await channel.get()).value).toBe(5);
    await other.waitForConnection(5);
  });

  test('by a PV wakes by itself after so many seconds; the last word counts', async () => {
    await using on = await FaultyBeamline.start();
    const channel = await on.channel('BGDEMO:ao');
    const start = performance.now();
    await on.ask('freeze', 0.4);
    expect(secondsSince(start)).toBeGreaterThan(0.35);

    on.faults.freezeFor(0.1);
    on.faults.freezeFor(0.5);
    const again = performance.now();
    await channel.get();
    expect(secondsSince(again)).toBeGreaterThan(0.45);
  });
});

describe('dropped circuits', () => {
  const dropped = async (on: FaultyBeamline, drop: () => unknown): Promise<void> => {
    const channel = await on.channel('BGDEMO:ao');
    const readings = new Collected<CaReading>();
    channel.subscribe(readings.add);
    await readings.take(1);
    const lost = next(channel, 'disconnect');
    await Promise.all([lost, drop()]);
    await next(channel, 'connect');
    await readings.take(2);
  };

  test('by the API are built again, with their monitors', async () => {
    await using on = await FaultyBeamline.start();
    await dropped(on, () => on.faults.dropCircuits());
  });

  test('by a PV, too', async () => {
    await using on = await FaultyBeamline.start();
    await dropped(on, () => on.ask('drop', 'all', false));
  });
});

test('a delay holds up every reply, in their order, until it is taken back', async () => {
  await using on = await FaultyBeamline.start();
  const channel = await on.channel('BGDEMO:ao');
  await on.ask('delay', 0.3);

  const start = performance.now();
  const [first, second] = [channel.put(1), channel.get()];
  await first;
  expect(secondsSince(start)).toBeGreaterThan(0.28);
  expect((await second).value).toBe(1);

  await on.ask('delay', 0);
  const after = performance.now();
  await channel.get();
  expect(secondsSince(after)).toBeLessThan(0.28);
});

test('no fault of time is endless or negative', async () => {
  await using on = await FaultyBeamline.start();
  await on.ask('delay', -5);
  expect(on.faults.replyDelayMs).toBe(0);
  await on.ask('delay', 1e12, false);
  await expect.poll(() => on.faults.replyDelayMs, { interval: 5 }).toBe(600_000);
});

test('a name that is refused is found, and connected once it is accepted', async () => {
  await using on = await FaultyBeamline.start();
  await on.ask('refuse', 'BGDEMO:ao');
  const channel = on.client.channel('BGDEMO:ao');
  await expect(channel.waitForConnection(0.5)).rejects.toThrow(CaTimeoutError);
  expect((await on.channel('BGDEMO:mbbo')).state).toBe('connected');

  await on.ask('accept', 'BGDEMO:ao');
  await channel.waitForConnection(10);
});

test('a name that is hidden is not found until it is shown', async () => {
  await using on = await FaultyBeamline.start();
  const before = await on.channel('BGDEMO:longout');
  await on.ask('hide', 'BGDEMO:ao');
  const channel = on.client.channel('BGDEMO:ao');
  await expect(channel.waitForConnection(0.5)).rejects.toThrow(CaTimeoutError);
  expect(channel.state).toBe('searching');

  await on.ask('show', 'BGDEMO:ao');
  await channel.waitForConnection(10);
  expect(before.state).toBe('connected');
});

test('a record that is made read-only tells its clients, with all its fields, and writable again, too', async () => {
  await using on = await FaultyBeamline.start();
  const [value, field] = await Promise.all([on.channel('BGDEMO:ao'), on.channel('BGDEMO:ao.EGU')]);
  let told = Promise.all([next(value, 'access'), next(field, 'access')]);
  await on.ask('readonly', 'BGDEMO:ao');
  expect(await told).toEqual([[1], [1]]);
  await expect(value.put(1)).rejects.toMatchObject({ code: ECA.NOWTACCESS });

  told = Promise.all([next(value, 'access'), next(field, 'access')]);
  await on.ask('writable', 'BGDEMO:ao');
  expect(await told).toEqual([[3], [3]]);
  await value.put(1);
});

test('channels of a record that are taken away come back, and those of others stay', async () => {
  await using on = await FaultyBeamline.start();
  const [mine, other] = await Promise.all([on.channel('BGDEMO:ao'), on.channel('BGDEMO:mbbo')]);
  other.on('disconnect', () => expect.fail('another record was not taken away'));
  const lost = next(mine, 'disconnect');
  await on.ask('disconnect', 'BGDEMO:ao');
  expect(await lost).toEqual(['the server closed the channel']);
  await next(mine, 'connect');
});

test('an alarm that is asked for comes with the readings, until it is ended', async () => {
  await using on = await FaultyBeamline.start();
  const channel = await on.channel('BGDEMO:m1.RBV');
  const readings = new Collected<CaReading>();
  channel.subscribe(readings.add);
  await readings.take(1);

  await on.ask('alarm', 'BGDEMO:m1');
  expect((await readings.take(2)).at(-1)).toMatchObject({ severity: 2, value: 0 });
  await on.ask('noalarm', 'BGDEMO:m1');
  expect((await readings.take(3)).at(-1)).toMatchObject({ severity: 0, status: 0 });
});

test('a motor that is to miss ends off its target, once, and says MISS', async () => {
  await using on = await FaultyBeamline.start();
  const [motor, missed, readback] = await Promise.all(
    ['VAL', 'MISS', 'RBV'].map((name) => on.channel(`BGDEMO:m1.${name}`)),
  );
  await on.ask('miss', 'BGDEMO:m1');
  await motor?.put(1);
  expect([(await missed?.get())?.value, (await readback?.get())?.value]).toEqual([1, 2]);
  await motor?.put(0.5);
  expect([(await missed?.get())?.value, (await readback?.get())?.value]).toEqual([0, 0.5]);
});

test.each(['alarm', 'miss'])('the fault %s for a record that is not there is refused', async (fault) => {
  await using on = await FaultyBeamline.start();
  await expect(on.ask(fault, 'BGDEMO:nobody')).rejects.toMatchObject({ code: ECA.PUTFAIL });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CaDisconnectedError,
  type CaContext,
  type CaReading,
  CaTimeoutError,
  DBR,
  ECA,
} from '../../src/epics/index.ts';
import { CIoc } from '../support/epics/c-ioc.ts';
import { clientOf, Collected, next, secondsSince } from '../support/epics/clients.ts';

const DATABASE = `
record(ao, "t:double") { field(VAL, "7.25") field(EGU, "mm") field(PREC, "3") field(HOPR, "90") field(LOPR, "-90")
  field(DRVH, "100") field(DRVL, "-100") field(HIGH, "70") field(HIHI, "80") field(HSV, "MINOR") field(HHSV, "MAJOR") field(PINI, "YES") }
record(longout, "t:long") { field(VAL, "49") field(PINI, "YES") }
record(mbbo, "t:enum") { field(ZRST, "Zero") field(ONST, "One") field(TWST, "Two") field(ZRVL, "0") field(ONVL, "1") field(TWVL, "2") field(PINI, "YES") }
record(stringout, "t:string") { field(VAL, "hello") field(PINI, "YES") }
record(waveform, "t:doubles") { field(FTVL, "DOUBLE") field(NELM, "1000000") }
record(waveform, "t:bytes") { field(FTVL, "UCHAR") field(NELM, "4000000") }
record(waveform, "t:text") { field(FTVL, "CHAR") field(NELM, "500") }
record(ao, "t:free") { }
record(longout, "t:limits") { field(VAL, "42") field(EGU, "mm") field(HOPR, "90") field(LOPR, "10") field(DRVH, "95") field(DRVL, "5")
  field(HIHI, "80") field(HIGH, "70") field(LOW, "30") field(LOLO, "20")
  field(HHSV, "MAJOR") field(HSV, "MINOR") field(LSV, "MINOR") field(LLSV, "MAJOR") field(PINI, "YES") }
record(ao, "t:disabled") { field(DISP, "1") }
record(ao, "t:slow") { field(FLNK, "t:slow:delay") }
record(seq, "t:slow:delay") { field(DLY1, "2") field(DOL1, "1") field(LNK1, "t:slow:end PP") }
record(ao, "t:slow:end") { }
record(calc, "t:tick") { field(SCAN, ".1 second") field(CALC, "VAL+1") }
`;

let ioc: CIoc;
let client: CaContext;
const connected = (name: string) => client.channel(name).waitForConnection(5);

beforeAll(async () => {
  ioc = await CIoc.start(DATABASE);
  client = clientOf([ioc]);
});
afterAll(async () => {
  client.close();
  await ioc[Symbol.asyncDispose]();
});

describe('values', () => {
  test.each([NaN, Infinity, -Infinity, 0.1, -1e300])('%d is written and read back as it is', async (value) => {
    const channel = await connected('t:free');
    await channel.put(value);
    expect((await channel.get()).value).toBe(value);
  });

  test('a fraction to an integer is cut towards zero, and what does not fit is refused', async () => {
    const channel = await connected('t:long');
    await channel.put(-1.5);
    expect((await channel.get()).value).toBe(-1);
    for (const value of [NaN, 3e9, -Infinity]) {
      await expect(channel.put(value)).rejects.toMatchObject({ code: ECA.NOCONVERT });
    }
    expect((await channel.get()).value).toBe(-1);
  });

  test('an enum is written by index, by state and by index in digits, and read as number or text', async () => {
    const channel = await connected('t:enum');
    await channel.put(1);
    expect((await channel.get()).value).toBe(1);
    await channel.put('Two');
    expect((await channel.get({ type: DBR.STRING })).value).toBe('Two');
    await channel.put('0');
    expect(await channel.get({ form: 'ctrl' })).toMatchObject({ value: 0, enumStrings: ['Zero', 'One', 'Two'] });
    await expect(channel.put('Three')).rejects.toMatchObject({ code: ECA.PUTFAIL });
  });

  test('texts: 39 bytes, a long string of 203 bytes, and none of 60', async () => {
    const short = await connected('t:string');
    await short.put('x'.repeat(39));
    expect((await short.get()).value).toBe('x'.repeat(39));
    await expect(short.put('x'.repeat(60))).rejects.toMatchObject({ code: ECA.BADSTR });

    const long = await connected('t:text');
    const text = `${'x'.repeat(199)} µm`;
    await long.put(text);
    const { value } = await long.get();
    expect(Buffer.from(value as Uint8Array).toString()).toBe(`${text}\0`);
  });

  test('metadata: units, precision, limits, and alarm with time', async () => {
    const channel = await connected('t:double');
    await channel.put(85);
    const reading = await channel.get();
    expect(reading).toMatchObject({ value: 85, status: 3, severity: 2 });
    expect(Math.abs((reading.timestamp ?? 0) - Date.now() / 1000)).toBeLessThan(5);
    expect(await channel.get({ form: 'ctrl' })).toMatchObject({
      units: 'mm',
      precision: 3,
      upperDispLimit: 90,
      lowerDispLimit: -90,
      upperAlarmLimit: 80,
      lowerAlarmLimit: NaN,
      upperCtrlLimit: 100,
      lowerCtrlLimit: -100,
    });
  });

  test.each([DBR.SHORT, DBR.FLOAT, DBR.CHAR, DBR.LONG, DBR.DOUBLE])(
    'the same value and limits in every form, asked for as type %i',
    async (type) => {
      const channel = await connected('t:limits');
      const noAlarm = { value: 42, count: 1, status: 0, severity: 0 };
      const display = {
        units: 'mm',
        upperDispLimit: 90,
        lowerDispLimit: 10,
        upperAlarmLimit: 80,
        upperWarningLimit: 70,
        lowerWarningLimit: 30,
        lowerAlarmLimit: 20,
      };
      expect(await channel.get({ type, form: 'plain' })).toEqual({ value: 42, count: 1, dbrType: type });
      expect(await channel.get({ type, form: 'sts' })).toMatchObject(noAlarm);
      expect(await channel.get({ type, form: 'time' })).toMatchObject(noAlarm);
      expect(await channel.get({ type, form: 'gr' })).toMatchObject({ ...noAlarm, ...display });
      const control = { upperCtrlLimit: 95, lowerCtrlLimit: 5 };
      expect(await channel.get({ type, form: 'ctrl' })).toMatchObject({ ...noAlarm, ...display, ...control });
      expect(await channel.get({ type, count: 3 })).toMatchObject({ count: 3 });
    },
  );

  test('the class name of a record', async () => {
    expect((await (await connected('t:tick')).get({ type: DBR.CLASS_NAME })).value).toBe('calc');
  });
});

describe('arrays', () => {
  test('of 1,000,000 doubles and of 4,000,000 bytes are written and read in half a second each', async () => {
    const doubles = Float64Array.from({ length: 1_000_000 }, (_, index) => index / 3);
    const bytes = Uint8Array.from({ length: 4_000_000 }, (_, index) => index);
    for (const [name, array] of [
      ['t:doubles', doubles],
      ['t:bytes', bytes],
    ] as const) {
      const channel = await connected(name);
      const start = performance.now();
      await channel.put(array);
      const written = performance.now();
      const { value } = await channel.get();
      expect(secondsSince(written)).toBeLessThan(0.5);
      expect(written - start).toBeLessThan(500);
      expect(Buffer.from((value as Uint8Array).buffer).equals(Buffer.from(array.buffer))).toBe(true);
    }
  });

  test('that shrink are read at their length, and one element stays an array', async () => {
    const channel = await connected('t:doubles');
    const lengths = new Collected<CaReading>();
    using _subscription = channel.subscribe(lengths.add);
    await lengths.take(1);
    await channel.put([1, 2, 3]);
    await channel.put([4]);
    expect((await lengths.take(3)).slice(1).map(({ value }) => value)).toEqual([
      Float64Array.of(1, 2, 3),
      Float64Array.of(4),
    ]);
    expect((await channel.get()).value).toEqual(Float64Array.of(4));
    await expect(channel.put(new Float64Array(1_000_001))).rejects.toMatchObject({ code: ECA.BADCOUNT });
  });
});

describe('puts', () => {
  test('wait for all that they set off, while reads of the same channel go on', async () => {
    const channel = await connected('t:slow');
    const start = performance.now();
    const done = channel.put(3);
    const reading = performance.now();
    await channel.get();
    expect(performance.now() - reading).toBeLessThan(100);
    await done;
    expect(Math.abs(secondsSince(start) - 2)).toBeLessThan(0.15);
  });

  test('that take longer than their time are rejected, and the channel goes on', async () => {
    const channel = await connected('t:slow');
    await expect(channel.put(4, { timeout: 0.3 })).rejects.toThrow(CaTimeoutError);
    expect((await channel.get()).value).toBe(4);
  });

  test('that the record refuses carry its code', async () => {
    const channel = await connected('t:disabled');
    await expect(channel.put(1)).rejects.toMatchObject({ code: ECA.PUTFAIL });
    const exception = next(channel, 'exception');
    await channel.put(1, { wait: false });
    expect((await exception)[0].code).toBe(ECA.PUTFAIL);
  });

  test('without callback come before the read that follows', async () => {
    const channel = await connected('t:long');
    for (let value = 0; value < 200; value++) {
      void channel.put(value, { wait: false });
      expect((await channel.get()).value).toBe(value);
    }
  });
});

describe('an IOC', () => {
  test('that is killed and booted again gets its channels and monitors back', async () => {
    const channel = await connected('t:tick');
    const readings = new Collected<CaReading>();
    using _subscription = channel.subscribe(readings.add);
    await readings.take(1);
    const pending = (await connected('t:slow')).put(1);
    const rejected = expect(pending).rejects.toThrow(CaDisconnectedError);
    const disconnected = next(channel, 'disconnect');
    const killed = performance.now();
    await ioc.kill();
    await disconnected;
    expect(secondsSince(killed)).toBeLessThan(0.5);
    await rejected;

    const reconnected = next(channel, 'connect');
    await ioc.boot();
    const booted = performance.now();
    await reconnected;
    await readings.take(readings.all.length + 1);
    expect(secondsSince(booted)).toBeLessThan(2);
  });

  test('that is stopped for longer than its time is given up, and connected again when it goes on', async () => {
    using impatient = clientOf([ioc], { connTimeout: 2 });
    const channel = await impatient.channel('t:double').waitForConnection(5);
    const rejected = async (): Promise<void> => expect(channel.put(1)).rejects.toThrow(CaDisconnectedError);
    await channel.get();
    ioc.signal('SIGSTOP');
    const start = performance.now();
    const pending = rejected();
    expect(await next(channel, 'responsive')).toEqual([false]);
    expect(Math.abs(secondsSince(start) - 3)).toBeLessThan(0.5);
    await pending;
    expect(Math.abs(secondsSince(start) - 4)).toBeLessThan(0.5);
    ioc.signal('SIGCONT');
    await next(channel, 'connect');
    await channel.get();
  });
});

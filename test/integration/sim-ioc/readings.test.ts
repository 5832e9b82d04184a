import { describe, expect, test } from 'vitest';
import {
  type CaChannel,
  type CaReading,
  type CaValue,
  DBR,
  type DbrForm,
  ECA,
  EVENT_MASK,
  type NativeType,
} from '../../../src/epics/index.ts';
import { AnalogRecord } from '../../../src/sim-ioc/records/analog.ts';
import { DiscreteRecord } from '../../../src/sim-ioc/records/discrete.ts';
import { TextRecord } from '../../../src/sim-ioc/records/text.ts';
import { WaveformRecord } from '../../../src/sim-ioc/records/waveform.ts';
import { clientOf, Collected } from '../../support/epics/clients.ts';
import { simIoc } from '../../support/epics/sim-ioc.ts';

const FORMS: readonly DbrForm[] = ['plain', 'sts', 'time', 'gr', 'ctrl'];
const NATIVE_TYPES: readonly NativeType[] = [0, 1, 2, 3, 4, 5, 6];

const anAnalog = () =>
  new AnalogRecord('T:ao', 'ao', {
    value: 65.5,
    units: 'mm',
    precision: 2,
    display: [-90, 90],
    drive: [-100, 100],
    warning: [-70, 70],
    alarm: [-80, 80],
  });
const records = () => [
  anAnalog(),
  new AnalogRecord('T:long', 'longout', { value: 65, units: 'steps', warning: [0, 100] }),
  new DiscreteRecord('T:mode', 'mbbo', { states: ['Off', 'Slow', 'Fast'], value: 2 }),
  new TextRecord('T:text', 'stringout', { value: '12.5' }),
  new WaveformRecord('T:doubles', { elements: 'DOUBLE', capacity: 5, value: Float64Array.of(1.5, -2.5), units: 'V' }),
  new WaveformRecord('T:bytes', { elements: 'CHAR', capacity: 300, value: Uint8Array.of(0x68, 0x69, 0) }),
  new WaveformRecord('T:texts', { elements: 'STRING', capacity: 3, value: ['1', '2.5'] }),
  new WaveformRecord('T:empty', { elements: 'LONG', capacity: 5, value: Int32Array.of() }),
];

/** What each PV is as each of the native types, in the order of their numbers: STRING, SHORT, FLOAT, ENUM, CHAR, LONG, DOUBLE. */
const AS_EACH_TYPE: Record<string, CaValue[]> = {
  'T:ao': ['65.50', 65, 65.5, 65, 65, 65, 65.5],
  'T:long': ['65', 65, 65, 65, 65, 65, 65],
  'T:mode': ['Fast', 2, 2, 2, 2, 2, 2],
  'T:text': ['12.5', 12, 12.5, 12, 12, 12, 12.5],
  'T:doubles': [
    ['2', '-3'],
    Int16Array.of(1, -2),
    Float32Array.of(1.5, -2.5),
    Uint16Array.of(1, 65534),
    Uint8Array.of(1, 254),
    Int32Array.of(1, -2),
    Float64Array.of(1.5, -2.5),
  ],
};

test.each(Object.entries(AS_EACH_TYPE))(
  '%s is read as each of the seven types, in each of the five forms',
  async (name, values) => {
    await using ioc = await simIoc(records());
    using client = clientOf([ioc]);
    const channel = await client.channel(name).waitForConnection(5);
    for (const type of NATIVE_TYPES) {
      for (const form of FORMS) {
        const reading = await channel.get({ form, type });
        expect(reading, `${form} ${type}`).toMatchObject({
          value: values[type],
          dbrType: FORMS.indexOf(form) * 7 + type,
        });
        if (form !== 'plain') expect(reading).toMatchObject({ status: 0, severity: 0 });
        if (form === 'time') expect(Math.abs((reading.timestamp ?? 0) - Date.now() / 1000)).toBeLessThan(60);
      }
    }
  },
);

test('units, precision and limits come with the forms that have them, cast to the type that was asked for', async () => {
  await using ioc = await simIoc(records());
  using client = clientOf([ioc]);
  const channel = await client.channel('T:ao').waitForConnection(5);
  const limits = {
    upperDispLimit: 90,
    lowerDispLimit: -90,
    upperWarningLimit: 70,
    lowerWarningLimit: -70,
    upperAlarmLimit: 80,
    lowerAlarmLimit: -80,
  };
  expect(await channel.get({ form: 'gr' })).toMatchObject({ units: 'mm', precision: 2, ...limits });
  const ctrl = await channel.get({ form: 'ctrl', type: DBR.SHORT });
  expect(ctrl).toMatchObject({ value: 65, units: 'mm', ...limits, upperCtrlLimit: 100, lowerCtrlLimit: -100 });
  expect(ctrl.precision).toBeUndefined();
});

describe('a count', () => {
  const channelTo = async (name: string) => {
    const ioc = await simIoc(records());
    const client = clientOf([ioc]);
    const channel = await client.channel(name).waitForConnection(5);
    const close = async () => {
      client.close();
      await ioc.close();
    };
    return { channel, [Symbol.asyncDispose]: close };
  };

  test('of 0 asks for as many as there are', async () => {
    await using on = await channelTo('T:doubles');
    expect(await on.channel.get({ count: 0 })).toMatchObject({ value: Float64Array.of(1.5, -2.5), count: 2 });
  });

  test('below what there is gets so many', async () => {
    await using on = await channelTo('T:doubles');
    expect(await on.channel.get({ count: 1, form: 'time' })).toMatchObject({ value: Float64Array.of(1.5), count: 1 });
  });

  test('above what there is, or even could be, is filled with zeros', async () => {
    await using on = await channelTo('T:doubles');
    const filled = Float64Array.of(1.5, -2.5, 0, 0, 0, 0, 0);
    expect(await on.channel.get({ count: 7 })).toMatchObject({ value: filled, count: 7 });
  });

  test('of texts is filled with empty ones', async () => {
    await using on = await channelTo('T:texts');
    expect((await on.channel.get({ count: 3 })).value).toEqual(['1', '2.5', '']);
    expect((await on.channel.get({ count: 2, type: DBR.DOUBLE })).value).toEqual(Float64Array.of(1, 2.5));
  });

  test('of 0 of nothing is nothing, in each form', async () => {
    await using on = await channelTo('T:empty');
    for (const form of FORMS) {
      expect(await on.channel.get({ form, count: 0 })).toMatchObject({ value: Int32Array.of(), count: 0 });
    }
    expect((await on.channel.get({ count: 2 })).value).toEqual(Int32Array.of(0, 0));
  });

  test('of bytes as one STRING is the text in them', async () => {
    await using on = await channelTo('T:bytes');
    expect((await on.channel.get({ type: DBR.STRING })).value).toEqual(['hi']);
  });
});

describe('a write', () => {
  const written = async (
    name: string,
    value: Parameters<CaChannel['put']>[0],
    type: NativeType,
  ): Promise<CaReading> => {
    await using ioc = await simIoc(records());
    using client = clientOf([ioc]);
    const channel = await client.channel(name).waitForConnection(5);
    await channel.put(value, { type });
    return await channel.get();
  };

  test.each(NATIVE_TYPES)('as native type %i is converted to the type of the record', async (type) => {
    const value = type === DBR.STRING ? '2' : 2;
    for (const name of ['T:ao', 'T:long', 'T:mode'])
      expect(await written(name, value, type)).toMatchObject({ value: 2 });
    expect(await written('T:text', value, type)).toMatchObject({ value: '2' });
  });

  test('of a list to an array makes the array so long', async () => {
    expect(await written('T:doubles', [1, 2, 3, 4], DBR.SHORT)).toMatchObject({ value: Float64Array.of(1, 2, 3, 4) });
    expect(await written('T:texts', ['a', 'b', 'c'], DBR.STRING)).toMatchObject({ value: ['a', 'b', 'c'], count: 3 });
    expect(await written('T:doubles', ['1.5', '0x10'], DBR.STRING)).toMatchObject({ value: Float64Array.of(1.5, 16) });
  });

  test('of a text that is no number, and to a read-back, changes nothing', async () => {
    await using ioc = await simIoc(records());
    using client = clientOf([ioc]);
    const [channel, name] = await Promise.all(
      ['T:ao', 'T:ao.RTYP'].map((pv) => client.channel(pv).waitForConnection(5)),
    );
    await expect(channel?.put('two', { type: DBR.STRING })).rejects.toMatchObject({ code: ECA.PUTFAIL });
    expect((await channel?.get())?.value).toBe(65.5);
    await expect(name?.put('ai')).rejects.toMatchObject({ code: ECA.PUTFAIL });
    expect((await name?.get())?.value).toBe('ao');
  });
});

test('a million doubles and four million bytes go there and back', async () => {
  const doubles = Float64Array.from({ length: 1_000_000 }, (_, index) => index / 7);
  const bytes = Uint8Array.from({ length: 4_000_000 }, (_, index) => index % 256);
  await using ioc = await simIoc([
    new WaveformRecord('T:d', { elements: 'DOUBLE', capacity: doubles.length, value: Float64Array.of() }),
    new WaveformRecord('T:b', { elements: 'CHAR', capacity: bytes.length, value: Uint8Array.of() }),
  ]);
  using client = clientOf([ioc], { maxArrayBytes: 8_100_000 });
  for (const [name, value] of [
    ['T:d', doubles],
    ['T:b', bytes],
  ] as const) {
    const channel = await client.channel(name).waitForConnection(5);
    await channel.put(value);
    const read = (await channel.get()).value as typeof value;
    // Element by element in a matcher would take longer than the transfer.
    expect(Buffer.from(read.buffer, read.byteOffset, read.byteLength).equals(Buffer.from(value.buffer)), name).toBe(
      true,
    );
  }
});

describe('a monitor', () => {
  test('hears of what its mask asks for: values outside MDEL, archived ones outside ADEL, alarms, properties', async () => {
    const record = new AnalogRecord('T:ao', 'ao', { monitorBand: 1, archiveBand: 3, warning: [-10, 10] });
    await using ioc = await simIoc([record]);
    using client = clientOf([ioc]);
    const channel = await client.channel('T:ao').waitForConnection(5);
    const heard = Object.entries(EVENT_MASK).map(([word, mask]) => {
      const readings = new Collected<CaReading>();
      channel.subscribe(readings.add, { mask });
      return { word, readings };
    });
    await Promise.all(heard.map(({ readings }) => readings.take(1)));

    for (const value of [0.5, 1.5, 2, 4, 10]) await channel.put(value);
    record.put(record.field('EGU'), 'mm');
    await channel.get();

    const values = heard.map(({ word, readings }) => [word, readings.all.slice(1).map(({ value }) => value)]);
    expect(Object.fromEntries(values)).toEqual({
      VALUE: [1.5, 4, 10],
      LOG: [4, 10],
      ALARM: [10],
      PROPERTY: [10],
    });
  });

  test('as STRING, or of some elements, is told in that form each time', async () => {
    const [mode, doubles] = [
      new DiscreteRecord('T:mode', 'mbbo', { states: ['Off', 'Slow', 'Fast'] }),
      new WaveformRecord('T:doubles', { elements: 'DOUBLE', capacity: 5, value: Float64Array.of() }),
    ];
    await using ioc = await simIoc([mode, doubles]);
    using client = clientOf([ioc]);
    const texts = new Collected<CaReading>();
    const firsts = new Collected<CaReading>();
    client.channel('T:mode').subscribe(texts.add, { type: DBR.STRING });
    client.channel('T:doubles').subscribe(firsts.add, { count: 2 });
    await Promise.all([texts.take(1), firsts.take(1)]);

    mode.update(2);
    doubles.update(Float64Array.of(1, 2, 3));

    expect((await texts.take(2)).map(({ value }) => value)).toEqual(['Off', 'Fast']);
    expect((await firsts.take(2)).map(({ value }) => value)).toEqual([Float64Array.of(0, 0), Float64Array.of(1, 2)]);
  });
});

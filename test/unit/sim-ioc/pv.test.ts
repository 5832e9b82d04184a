import { describe, expect, test } from 'vitest';
import { Database } from '../../../src/sim-ioc/database.ts';
import type { Pv } from '../../../src/sim-ioc/pv.ts';
import { AnalogRecord } from '../../../src/sim-ioc/records/analog.ts';
import { PutRefused } from '../../../src/sim-ioc/records/conversion.ts';
import { DiscreteRecord } from '../../../src/sim-ioc/records/discrete.ts';
import { TextRecord } from '../../../src/sim-ioc/records/text.ts';
import { WaveformRecord } from '../../../src/sim-ioc/records/waveform.ts';

const database = (): Database =>
  new Database([
    new AnalogRecord('T:ao', 'ao', { value: 1.25, precision: 2, description: 'a voltage' }),
    new AnalogRecord('T:longout', 'longout'),
    new DiscreteRecord('T:mbbo', 'mbbo', { states: ['Off', 'Slow', 'Fast'], value: 1 }),
    new TextRecord('T:stringout', 'stringout'),
    new TextRecord('T:lso', 'lso', { bytes: 100 }),
    new WaveformRecord('T:waveform', { elements: 'DOUBLE', capacity: 4, value: Float64Array.of(1, 2) }),
    new WaveformRecord('T:bytes', { elements: 'CHAR', capacity: 8, value: Uint8Array.of() }),
  ]);

function pv(name: string): Pv {
  const found = database().find(name);
  if (found === undefined) throw new Error(`${name} was not found`);
  return found;
}

describe('a name', () => {
  test.each([
    ['T:ao', 'DOUBLE', 1],
    ['T:ao.VAL', 'DOUBLE', 1],
    ['T:ao.DESC', 'STRING', 1],
    ['T:ao.DESC$', 'CHAR', 41],
    ['T:lso', 'STRING', 1],
    ['T:lso.VAL$', 'CHAR', 100],
    ['T:lso$', 'CHAR', 100],
    ['T:waveform', 'DOUBLE', 4],
    ['T:waveform.NORD', 'LONG', 1],
  ])('%s is %s[%i]', (name, type, capacity) => {
    expect(pv(name)).toMatchObject({ type, capacity });
  });

  test.each(['', 'T:', 'T:ao.', 'T:ao.NONE', 'T:ao.VAL$', 'T:ao.VAL.VAL', 'T:ao val', 'T:ao$$'])(
    '%o is nobody',
    (name) => {
      expect(database().find(name)).toBeUndefined();
    },
  );
});

test('two records of one name are a mistake', () => {
  const both = [new TextRecord('T:one', 'lso'), new TextRecord('T:one', 'lso')];
  expect(() => new Database(both)).toThrow("there is already a record 'T:one'");
});

describe('read as another type', () => {
  test.each([
    ['T:ao', 'STRING', '1.25'],
    ['T:ao', 'LONG', 1],
    ['T:ao', 'ENUM', 1],
    ['T:mbbo', 'STRING', 'Slow'],
    ['T:mbbo', 'DOUBLE', 1],
    ['T:stringout', 'DOUBLE', 0],
  ] as const)('%s as %s is %o', (name, type, value) => {
    expect(pv(name).read(type)).toBe(value);
  });

  test('an array keeps its length', () => {
    expect(pv('T:waveform').read('SHORT')).toEqual(Int16Array.of(1, 2));
    expect(pv('T:waveform').read('STRING')).toEqual(['1', '2']);
    expect(pv('T:bytes').read('CHAR')).toEqual(Uint8Array.of());
  });

  test.each([
    [NaN, 'nan'],
    [-Infinity, '-inf'],
    [123456789, '1.23e+08'],
    [-0.004, '-0.00'],
  ])('%o is printed as C prints it: %s', (value, text) => {
    const ao = pv('T:ao');
    ao.put({ type: 'DOUBLE', value });
    expect(ao.read('STRING')).toBe(text);
  });

  test('a text that is no number has no such form', () => {
    const stringout = pv('T:stringout');
    stringout.put({ type: 'STRING', value: 'hello' });
    expect(() => stringout.read('DOUBLE')).toThrow(PutRefused);
  });
});

describe('written as another type', () => {
  test.each([
    ['T:ao', 'STRING', ' 2.5 ', 2.5],
    ['T:ao', 'STRING', '-0x10', -16],
    ['T:ao', 'STRING', '-inf', -Infinity],
    ['T:ao', 'STRING', 'NaN', NaN],
    ['T:ao', 'STRING', '', 0],
    ['T:longout', 'DOUBLE', -1.5, -1],
    ['T:longout', 'STRING', '12', 12],
    ['T:mbbo', 'STRING', 'Fast', 2],
    ['T:mbbo', 'STRING', '2', 2],
    ['T:mbbo', 'LONG', 2, 2],
    ['T:stringout', 'DOUBLE', 7, '7'],
  ] as const)('%s takes %s %o as %o', (name, type, value, taken) => {
    const target = pv(name);
    target.put({ type, value });
    expect(target.field.value).toEqual(taken);
  });

  test.each([
    ['T:ao', '1.5 V'],
    ['T:mbbo', 'Medium'],
    ['T:mbbo', '3'],
    ['T:ao.NAME', 'T:other'],
  ])('%s refuses %o, and stays as it was', (name, value) => {
    const target = pv(name);
    const before = target.field.value;
    expect(() => target.put({ type: 'STRING', value })).toThrow(PutRefused);
    expect(target.field.value).toBe(before);
  });

  test('more elements than there is room for are left out, and one of none is refused', () => {
    const waveform = pv('T:waveform');
    waveform.put({ type: 'LONG', value: Int32Array.of(1, 2, 3, 4, 5) });
    expect(waveform.field.value).toEqual(Float64Array.of(1, 2, 3, 4));
    waveform.put({ type: 'DOUBLE', value: Float64Array.of() });
    expect(waveform.field.value).toEqual(Float64Array.of());
    expect(() => pv('T:ao').put({ type: 'DOUBLE', value: Float64Array.of() })).toThrow(PutRefused);
  });

  test('a text is cut between two characters where the field ends', () => {
    const stringout = pv('T:stringout');
    stringout.put({ type: 'STRING', value: `${'x'.repeat(38)}µm` });
    expect(stringout.field.value).toBe('x'.repeat(38));
  });
});

describe('a long string', () => {
  test('is an array of bytes with a final zero, both ways', () => {
    const text = pv('T:lso.VAL$');
    text.put({ type: 'CHAR', value: Uint8Array.from(Buffer.from(`${'µ'.repeat(45)}\0rest`)) });
    expect(text.field.value).toBe('µ'.repeat(45));
    expect(text.read('CHAR')).toEqual(Uint8Array.from(Buffer.from(`${'µ'.repeat(45)}\0`)));
    expect(text.record.field('LEN').value).toBe(91);
  });

  test('may be written as a STRING, and read as one', () => {
    const text = pv('T:ao.DESC$');
    text.put({ type: 'STRING', value: 'short' });
    expect(text.field.value).toBe('short');
    expect(text.read('STRING')).toBe('short');
  });

  test('a STRING to an array of bytes is the text in it', () => {
    const bytes = pv('T:bytes');
    bytes.put({ type: 'STRING', value: 'four' });
    expect(bytes.field.value).toEqual(Uint8Array.from(Buffer.from('four\0')));
    expect(bytes.read('STRING')).toBe('four');
  });
});

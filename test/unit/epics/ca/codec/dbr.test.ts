import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDbr, encodeDbr } from '../../../../../src/epics/ca/codec/dbr.ts';
import { DBR, DBR_FORMS, dbrType } from '../../../../../src/epics/ca/codec/dbr-types.ts';
import { EPICS_EPOCH } from '../../../../../src/epics/ca/codec/metadata.ts';

const numbers = {
  [DBR.SHORT]: fc.int16Array({ minLength: 1, maxLength: 20 }),
  [DBR.FLOAT]: fc.float32Array({ minLength: 1, maxLength: 20 }),
  [DBR.ENUM]: fc.uint16Array({ minLength: 1, maxLength: 20 }),
  [DBR.CHAR]: fc.uint8Array({ minLength: 1, maxLength: 20 }),
  [DBR.LONG]: fc.int32Array({ minLength: 1, maxLength: 20 }),
  [DBR.DOUBLE]: fc.float64Array({ minLength: 1, maxLength: 20 }),
} as const;

describe.each(DBR_FORMS)('the %s form', (form) => {
  test.each([DBR.SHORT, DBR.FLOAT, DBR.ENUM, DBR.CHAR, DBR.LONG, DBR.DOUBLE] as const)(
    'keeps arrays and scalars of native type %i, NaN and infinities included',
    (native) => {
      fc.assert(
        fc.property(numbers[native], (values) => {
          const encoded = encodeDbr(dbrType(form, native), values);
          expect(encoded.payload.length % 8).toBe(0);
          expect(decodeDbr(encoded, false)).toMatchObject({ value: values, count: values.length });
          expect(decodeDbr(encodeDbr(dbrType(form, native), values[0] ?? 0)).value).toBe(values[0]);
        }),
        { numRuns: 50 },
      );
    },
  );

  test('keeps strings, and cuts at 39 bytes between two characters', () => {
    const encoded = encodeDbr(dbrType(form, DBR.STRING), ['', 'Ångström', `${'x'.repeat(38)}µ`]);
    expect(decodeDbr(encoded).value).toEqual(['', 'Ångström', 'x'.repeat(38)]);
    expect(decodeDbr(encodeDbr(dbrType(form, DBR.STRING), 'open')).value).toBe('open');
  });

  test('keeps an empty array and an array of one', () => {
    expect(decodeDbr(encodeDbr(dbrType(form, DBR.DOUBLE), []), false).value).toEqual(new Float64Array());
    expect(decodeDbr(encodeDbr(dbrType(form, DBR.DOUBLE), [2.5]), false).value).toEqual(Float64Array.of(2.5));
  });
});

test('alarm and time travel with a value', () => {
  const time = { status: 3, severity: 2, secondsPastEpoch: 1000, nanoseconds: 123_456_789 };
  for (const native of [0, 1, 2, 3, 4, 5, 6] as const) {
    const reading = decodeDbr(encodeDbr(dbrType('time', native), native === 0 ? 'x' : 1, time));
    expect(reading).toMatchObject({ ...time, timestamp: EPICS_EPOCH + 1000.123456789 });
  }
  expect(decodeDbr(encodeDbr(dbrType('time', DBR.LONG), 1, { timestamp: EPICS_EPOCH + 2.5 }))).toMatchObject({
    secondsPastEpoch: 2,
    nanoseconds: 500_000_000,
  });
});

test('units, precision and limits travel with gr and ctrl, open limits as NaN', () => {
  const display = {
    units: 'µm',
    upperDispLimit: 90,
    lowerDispLimit: 10,
    upperAlarmLimit: 80,
    upperWarningLimit: 70,
    lowerWarningLimit: 30,
    lowerAlarmLimit: 20,
  };
  const control = { upperCtrlLimit: 100, lowerCtrlLimit: 0 };
  for (const native of [DBR.SHORT, DBR.FLOAT, DBR.CHAR, DBR.LONG, DBR.DOUBLE] as const) {
    expect(decodeDbr(encodeDbr(dbrType('gr', native), 5, display))).toMatchObject({ value: 5, ...display });
    expect(decodeDbr(encodeDbr(dbrType('ctrl', native), 5, { ...display, ...control }))).toMatchObject({
      value: 5,
      ...display,
      ...control,
    });
  }
  const open = decodeDbr(encodeDbr(dbrType('ctrl', DBR.DOUBLE), 1, { precision: 3, upperAlarmLimit: NaN }));
  expect(open).toMatchObject({ precision: 3, upperAlarmLimit: NaN });
});

test('the states of an enum travel with gr and ctrl, at most 16 of 25 bytes', () => {
  const states = Array.from({ length: 18 }, (_, index) => `state ${index}`);
  const reading = decodeDbr(encodeDbr(dbrType('ctrl', DBR.ENUM), 2, { enumStrings: ['x'.repeat(30), ...states] }));
  expect(reading).toMatchObject({ value: 2, enumStrings: ['x'.repeat(25), ...states.slice(0, 15)] });
});

test('a text is a CHAR array with its final zero', () => {
  expect(decodeDbr(encodeDbr(DBR.CHAR, 'aé')).value).toEqual(Uint8Array.of(0x61, 0xc3, 0xa9, 0));
});

test('numbers are cast as C does: towards zero, then wrapped', () => {
  const cast = (native: 1 | 3 | 4 | 5, value: number) => decodeDbr(encodeDbr(native, value)).value;
  expect(cast(DBR.LONG, -1.5)).toBe(-1);
  expect(cast(DBR.LONG, NaN)).toBe(0);
  expect(cast(DBR.SHORT, 32_768)).toBe(-32_768);
  expect(cast(DBR.ENUM, 65_537)).toBe(1);
  expect(cast(DBR.CHAR, -1)).toBe(255);
  expect(decodeDbr(encodeDbr(DBR.SHORT, [32_768, -1.5])).value).toEqual(Int16Array.of(-32_768, -1));
});

test('old databases with Latin-1 units are read as such', () => {
  const { payload, ...encoded } = encodeDbr(dbrType('gr', DBR.LONG), 1);
  payload.write('\u00b0C', 4, 'latin1');
  expect(decodeDbr({ ...encoded, payload }).units).toBe('°C');
});

test('the class name is a string of its own type', () => {
  expect(decodeDbr(encodeDbr(DBR.CLASS_NAME, 'motor'))).toEqual({ value: 'motor', count: 1, dbrType: DBR.CLASS_NAME });
});

test('what cannot be is refused: unknown types, short payloads, text as a number', () => {
  expect(() => decodeDbr({ type: 35, count: 1, payload: Buffer.alloc(80) })).toThrow(RangeError);
  expect(() => decodeDbr({ type: 6, count: 3, payload: Buffer.alloc(16) })).toThrow('3 elements of DBR type 6');
  expect(() => encodeDbr(DBR.DOUBLE, 'text')).toThrow(TypeError);
  expect(() => encodeDbr(DBR.STRING, 5)).toThrow(TypeError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 40 }), fc.nat(9), (bytes, type, count) => {
      try {
        decodeDbr({ type, count, payload: Buffer.from(bytes) });
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

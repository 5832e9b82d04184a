import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { AnalogRecord } from '../../../../src/sim-ioc/records/analog.ts';
import { PutRefused } from '../../../../src/sim-ioc/records/conversion.ts';
import { DiscreteRecord } from '../../../../src/sim-ioc/records/discrete.ts';
import { CHANGE } from '../../../../src/sim-ioc/records/field.ts';
import type { EpicsRecord } from '../../../../src/sim-ioc/records/record.ts';
import { ScalerRecord } from '../../../../src/sim-ioc/records/scaler.ts';
import { WaveformRecord } from '../../../../src/sim-ioc/records/waveform.ts';
import type { FieldValue } from '../../../../src/sim-ioc/records/value.ts';

const put = (record: EpicsRecord, field: string, value: FieldValue): void => record.put(record.field(field), value);

/** All that a monitor with this mask would be told of a field. */
function told(record: EpicsRecord, field: string, mask: number = CHANGE.VALUE): FieldValue[] {
  const values: FieldValue[] = [];
  record.field(field).listen({ mask, changed: () => values.push(record.field(field).value) });
  return values;
}

/** A put-callback as the promise of its answer. */
function putCallback(record: EpicsRecord, field: string, value: FieldValue): Promise<PutRefused | null> {
  return new Promise((resolve) => void record.putCallback(record.field(field), value, resolve));
}

describe('monitors', () => {
  test('hear of what lies outside the dead-band of the value told last, archivers of theirs', () => {
    const record = new AnalogRecord('T:ao', 'ao', { monitorBand: 0.5, archiveBand: 2 });
    const values = told(record, 'VAL');
    const archived = told(record, 'VAL', CHANGE.LOG);
    for (const value of [0.3, 0.5, 0.6, 1, 1.2, 3, NaN, NaN, 0]) put(record, 'VAL', value);
    expect(values).toEqual([0.6, 1.2, 3, NaN, 0]);
    expect(archived).toEqual([3, NaN, 0]);
  });

  test('with a negative dead-band hear every time', () => {
    const record = new AnalogRecord('T:ao', 'ao', { monitorBand: -1 });
    const values = told(record, 'VAL');
    put(record, 'VAL', 0);
    put(record, 'VAL', 0);
    expect(values).toEqual([0, 0]);
  });

  test('of a state hear only of another state, of an array each time', () => {
    const state = new DiscreteRecord('T:bo', 'bo', { states: ['Closed', 'Open'] });
    const states = told(state, 'VAL');
    for (const value of [0, 1, 1, 0]) put(state, 'VAL', value);
    expect(states).toEqual([1, 0]);
    const array = new WaveformRecord('T:wf', { elements: 'LONG', capacity: 2, value: Int32Array.of() });
    const arrays = told(array, 'VAL');
    for (const value of [Int32Array.of(1), Int32Array.of(1)]) put(array, 'VAL', value);
    expect(arrays).toHaveLength(2);
    expect(array.field('NORD').value).toBe(1);
  });

  test('that ask for properties hear when a limit, a unit or a state has another name', () => {
    const record = new AnalogRecord('T:ao', 'ao');
    const changes = told(record, 'VAL', CHANGE.PROPERTY);
    put(record, 'EGU', 'V');
    put(record, 'VAL', 1);
    expect(changes).toHaveLength(1);

    const state = new DiscreteRecord('T:bo', 'bo', { states: ['Closed', 'Open'] });
    const renamed = told(state, 'VAL', CHANGE.PROPERTY);
    put(state, 'ONAM', 'Ajar');
    expect(renamed).toHaveLength(1);
    expect(state.value.choices).toEqual(['Closed', 'Ajar']);
  });
});

describe('alarms', () => {
  test('follow the limits that have a severity, and are told with the value', () => {
    const record = new AnalogRecord('T:ao', 'ao', { warning: [-8, 8], alarm: [-9, 9], monitorBand: 100 });
    const alarmed = told(record, 'VAL', CHANGE.ALARM);
    const severities = told(record, 'SEVR');
    for (const value of [7, 8, 8.5, 9, -8, -9, 0]) put(record, 'VAL', value);
    expect(severities).toEqual([1, 2, 1, 2, 0]);
    expect(alarmed).toEqual([8, 9, -8, -9, 0]);
    put(record, 'HSV', 0);
    put(record, 'VAL', 8.5);
    expect(record.alarm.severity).toBe('NO_ALARM');
    put(record, 'HSV', 1);
    put(record, 'HHSV', 0);
    put(record, 'VAL', 9.5);
    expect(record.alarm).toEqual({ condition: 'HIGH', severity: 'MINOR' });
  });

  test('of a state are those of its severity field', () => {
    const record = new DiscreteRecord('T:bo', 'bo', { states: ['Closed', 'Open'] });
    put(record, 'OSV', 2);
    put(record, 'VAL', 1);
    expect(record.alarm).toEqual({ condition: 'STATE', severity: 'MAJOR' });
  });

  test('that are forced hold until they are taken back, unless a worse one is there', () => {
    const record = new AnalogRecord('T:ao', 'ao', { alarm: [-9, 9] });
    record.forceAlarm({ condition: 'COMM', severity: 'MINOR' });
    put(record, 'VAL', 1);
    expect(record.alarm.condition).toBe('COMM');
    put(record, 'VAL', 10);
    expect(record.alarm.condition).toBe('HIHI');
    put(record, 'VAL', 1);
    record.forceAlarm({ condition: 'NO_ALARM', severity: 'NO_ALARM' });
    expect(record.alarm.severity).toBe('NO_ALARM');
  });
});

test('a written value is clipped to DRVL and DRVH', () => {
  const record = new AnalogRecord('T:ao', 'ao', { drive: [-1, 1] });
  put(record, 'VAL', 5);
  expect(record.value.value).toBe(1);
});

test('a disabled record refuses all but to be enabled again', () => {
  const record = new AnalogRecord('T:ao', 'ao');
  put(record, 'DISP', 1);
  expect(() => put(record, 'VAL', 1)).toThrow(PutRefused);
  put(record, 'DISP', 0);
  put(record, 'VAL', 1);
  expect(record.value.value).toBe(1);
});

describe('a record whose device takes time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Counts how often it has gone to the device. */
  const slow = () => {
    const device = vi.fn(() => new Promise<void>((resolve) => void setTimeout(resolve, 1000)));
    return { device, record: new AnalogRecord('T:slow', 'ao', { device }) };
  };

  test('answers a put-callback when the device is done, and the next one after that', async () => {
    const { record, device } = slow();
    const answers: string[] = [];
    void putCallback(record, 'VAL', 1).then(() => answers.push('first'));
    void putCallback(record, 'VAL', 2).then(() => answers.push('second'));
    await vi.advanceTimersByTimeAsync(999);
    expect([answers, record.field('PACT').value, record.value.value]).toEqual([[], 1, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect([answers, record.value.value]).toEqual([['first'], 2]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([answers, record.field('PACT').value]).toEqual([['first', 'second'], 0]);
    expect(device).toHaveBeenCalledTimes(2);
  });

  test('goes to the device once more for all the plain writes that came meanwhile', async () => {
    const { record, device } = slow();
    for (const value of [1, 2, 3]) put(record, 'VAL', value);
    await vi.advanceTimersByTimeAsync(1000);
    expect(device).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(device).toHaveBeenCalledTimes(2);
    expect(record.value.value).toBe(3);
  });

  test('lets a put-callback wait for what a plain write has begun', async () => {
    const { record } = slow();
    put(record, 'VAL', 1);
    const answer = vi.fn();
    record.putCallback(record.value, 2, answer);
    await vi.advanceTimersByTimeAsync(1000);
    expect(record.value.value).toBe(2);
    expect(answer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(answer).toHaveBeenCalledWith(null);
  });

  test('answers a put-callback to a field that processes nothing at its turn, without waiting', async () => {
    const { record } = slow();
    expect(await putCallback(record, 'DESC', 'other')).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a put-callback that is refused does not hold up the next', async () => {
    const { record } = slow();
    put(record, 'DISP', 1);
    expect(await putCallback(record, 'VAL', 1)).toBeInstanceOf(PutRefused);
    expect(await putCallback(record, 'DISP', 0)).toBeNull();
  });

  test('a device that fails is an INVALID alarm, and the put-callback is answered all the same', async () => {
    const record = new AnalogRecord('T:broken', 'ao', { device: () => Promise.reject(new Error('no motor power')) });
    expect(await putCallback(record, 'VAL', 1)).toBeNull();
    expect(record.alarm).toEqual({ condition: 'WRITE', severity: 'INVALID' });
  });
});

test('a record that is closed waits for its device no longer', async () => {
  const signals: AbortSignal[] = [];
  const record = new AnalogRecord('T:ao', 'ao', {
    device: (signal) => {
      signals.push(signal);
      return delay(60_000, undefined, { signal });
    },
  });
  put(record, 'VAL', 1);
  record.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

describe('a scaler', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());
  const scaler = () => new ScalerRecord('T:scaler', { names: ['clock', 'I0'], rates: [() => 1e7, () => 500] });

  test('counts for TP seconds, and then answers the put-callback to CNT', async () => {
    const record = scaler();
    put(record, 'TP', 0.5);
    const counts = told(record, 'CNT');
    const answer = putCallback(record, 'CNT', 1);
    await vi.advanceTimersByTimeAsync(499);
    expect(record.field('CNT').value).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toBeNull();
    expect(['CNT', 'T', 'S1', 'S2', 'NM2'].map((name) => record.field(name).value)).toEqual([0, 0.5, 5e6, 250, 'I0']);
    expect(counts).toEqual([1, 0]);
  });

  test('that is told to stop keeps what it has counted', async () => {
    const record = scaler();
    const answer = putCallback(record, 'CNT', 1);
    await vi.advanceTimersByTimeAsync(100);
    put(record, 'CNT', 0);
    expect(await answer).toBeNull();
    expect(record.field('S2').value).toBe(50);
    expect(vi.getTimerCount()).toBe(0);
  });
});

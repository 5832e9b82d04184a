import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MotorRecord } from '../../../../../src/sim-ioc/records/motor/motor-record.ts';
import type { MotorOptions } from '../../../../../src/sim-ioc/records/motor/motor-fields.ts';
import { PutRefused } from '../../../../../src/sim-ioc/records/conversion.ts';
import type { FieldValue } from '../../../../../src/sim-ioc/records/value.ts';
import { CHANGE } from '../../../../../src/sim-ioc/records/field.ts';

/** A motor record, and all that a client with monitors on it would see. Time is ours. */
class WatchedMotor {
  readonly record: MotorRecord;
  readonly events: [name: string, value: FieldValue][] = [];
  readonly #began = performance.now();

  constructor(options: MotorOptions = {}) {
    this.record = new MotorRecord('T:m1', {
      velocity: 2,
      acceleration: 0.2,
      limits: [-100, 100],
      switches: [-110, 110],
      ...options,
    });
    for (const name of ['VAL', 'RBV', 'DMOV', 'MOVN', 'LVIO', 'HLS', 'LLS', 'MISS']) {
      const field = this.record.field(name);
      field.listen({ mask: CHANGE.VALUE, changed: () => this.events.push([name, field.value]) });
    }
  }

  get(field: string): FieldValue {
    return this.record.field(field).value;
  }

  put(field: string, value: FieldValue): void {
    this.record.put(this.record.field(field), value);
  }

  /** Tells when it was answered, in seconds, or why it was refused. */
  putCallback(field: string, value: FieldValue): { answered: number | null; refusal: PutRefused | null } {
    const answer: { answered: number | null; refusal: PutRefused | null } = { answered: null, refusal: null };
    this.record.putCallback(this.record.field(field), value, (refusal) => {
      Object.assign(answer, { answered: (performance.now() - this.#began) / 1000, refusal });
    });
    return answer;
  }

  of(name: string): FieldValue[] {
    return this.events.filter(([field]) => field === name).map(([, value]) => value);
  }
}

const pass = (seconds: number): void => void vi.advanceTimersByTime(Math.round(seconds * 1000));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('a put-callback to VAL', () => {
  test('is answered when motion has ended, after the events of RBV and DMOV', () => {
    const motor = new WatchedMotor();
    const events: string[] = [];
    const note = (name: string) => motor.record.field(name).listen({ mask: 1, changed: () => events.push(name) });
    note('RBV');
    note('DMOV');

    motor.record.putCallback(motor.record.field('VAL'), 1, () => events.push('answer'));

    expect(events).toEqual(['DMOV']);
    pass(0.5 + 0.2 - 0.01);
    expect(events).not.toContain('answer');
    pass(0.02);
    expect(events.slice(-3)).toEqual(['RBV', 'DMOV', 'answer']);
    expect(motor.get('RBV')).toBe(1);
    expect(motor.of('DMOV')).toEqual([0, 1]);
  });

  test('of the present position is answered within a moment, with DMOV going to 0 and back', () => {
    const motor = new WatchedMotor();
    const put = motor.putCallback('VAL', 0);
    pass(0.001);
    expect(put.answered).toBeCloseTo(0.001, 3);
    expect(motor.of('DMOV')).toEqual([0, 1]);
    expect(motor.of('RBV')).toEqual([]);
  });

  test('of less than the dead-band moves nothing and is no error', () => {
    const motor = new WatchedMotor();
    const put = motor.putCallback('VAL', 0.0005);
    pass(0.002);
    expect(put).toMatchObject({ answered: expect.any(Number), refusal: null });
    expect(motor.of('DMOV')).toEqual([0, 1]);
    expect([motor.get('RBV'), motor.get('VAL'), motor.get('MISS')]).toEqual([0, 0.0005, 0]);
  });

  test('beyond a soft limit succeeds at once, with LVIO 1 and VAL taken back', () => {
    const motor = new WatchedMotor();
    motor.putCallback('VAL', 3);
    pass(5);
    motor.events.length = 0;

    const put = motor.putCallback('VAL', 100.5);
    pass(0.001);

    expect(put).toMatchObject({ answered: expect.any(Number), refusal: null });
    expect([motor.get('LVIO'), motor.get('VAL'), motor.get('RBV')]).toEqual([1, 3, 3]);
    expect(motor.of('DMOV')).toEqual([0, 1]);
    motor.put('VAL', 2);
    expect(motor.get('LVIO')).toBe(0);
  });

  test('that is stopped succeeds after braking, with VAL overwritten by RBV and MISS 0', () => {
    const motor = new WatchedMotor({ acceleration: 0.3 });
    const put = motor.putCallback('VAL', 50);
    pass(1);
    motor.put('STOP', 1);
    pass(0.28);
    expect(put.answered).toBeNull();
    pass(0.03);

    expect(put.answered).toBeCloseTo(1.3, 1);
    expect(put.refusal).toBeNull();
    expect(motor.get('VAL')).toBe(motor.get('RBV'));
    expect([motor.get('DMOV'), motor.get('MISS'), motor.get('STOP')]).toEqual([1, 0, 0]);
    expect(Number(motor.get('RBV'))).toBeLessThan(5);
  });

  test('waits for the one before it', () => {
    const motor = new WatchedMotor();
    const first = motor.putCallback('VAL', 2);
    const second = motor.putCallback('VAL', 6);
    pass(1.15);
    expect(motor.get('VAL')).toBe(2);
    expect(first.answered).toBeNull();
    pass(0.1);
    expect(first.answered).toBeCloseTo(1.2, 1);
    expect([motor.get('VAL'), motor.get('DMOV'), second.answered]).toEqual([6, 0, null]);
    pass(2.2);
    expect(second.answered).toBeCloseTo(3.4, 1);
    expect(motor.get('RBV')).toBe(6);
  });

  test('that nobody waits for any more still moves the motor', () => {
    const motor = new WatchedMotor();
    const giveUp = motor.record.putCallback(motor.record.field('VAL'), 1, () => expect.unreachable());
    giveUp();
    pass(2);
    expect(motor.get('RBV')).toBe(1);
  });

  test('into a limit switch succeeds with HLS 1 and no alarm, and RBV creeps on', () => {
    const motor = new WatchedMotor({ limits: [0, 0], switches: [-20, 20], velocity: 10, acceleration: 0.5 });
    const put = motor.putCallback('VAL', 25);
    pass(2.7);

    expect(put).toMatchObject({ answered: expect.any(Number), refusal: null });
    expect([motor.get('HLS'), motor.get('LLS'), motor.get('DMOV'), motor.get('SEVR')]).toEqual([1, 0, 1, 0]);
    const atEnd = Number(motor.get('RBV'));
    expect(atEnd).toBeGreaterThanOrEqual(20);
    pass(1);
    expect(Number(motor.get('RBV'))).toBeGreaterThan(atEnd);
    expect(Number(motor.get('RBV'))).toBeLessThan(23);
  });

  test('into a limit switch is an alarm where HLSV says so', () => {
    const motor = new WatchedMotor({ limits: [0, 0], switches: [-20, 20], velocity: 10 });
    motor.put('HLSV', 2);
    motor.put('VAL', -25);
    pass(4);
    expect([motor.get('LLS'), motor.get('SEVR')]).toEqual([1, 2]);
    motor.put('VAL', 0);
    pass(4);
    expect([motor.get('LLS'), motor.get('SEVR'), motor.get('RBV')]).toEqual([0, 0, 0]);
  });

  test('further out of a switch ends at once, where it is', () => {
    const motor = new WatchedMotor({ limits: [0, 0], switches: [-20, 20], velocity: 10 });
    motor.put('VAL', 25);
    pass(5);
    const there = motor.get('RBV');
    const put = motor.putCallback('VAL', 30);
    pass(0.01);
    expect(put.answered).not.toBeNull();
    expect([motor.get('RBV'), motor.get('HLS')]).toEqual([there, 1]);
  });
});

describe('a plain write of VAL', () => {
  test('has set DMOV to 0 before anything else is asked', () => {
    const motor = new WatchedMotor();
    motor.put('VAL', 1);
    expect([motor.get('DMOV'), motor.get('MOVN')]).toEqual([0, 1]);
  });

  test('while it moves changes the target: it turns round without a jump, and the first put-callback is answered there', () => {
    const motor = new WatchedMotor();
    const put = motor.putCallback('VAL', 10);
    pass(2);
    motor.put('VAL', -1);
    pass(0.5);
    expect(put.answered).toBeNull();
    pass(8);
    expect(put.answered).not.toBeNull();
    expect(motor.get('RBV')).toBe(-1);
    const way = motor.of('RBV').map(Number);
    for (const [index, position] of way.entries()) {
      if (index > 0) expect(Math.abs(position - (way[index - 1] ?? 0))).toBeLessThan(0.25); // 2 a second, ten times a second
    }
    expect(motor.of('DMOV')).toEqual([0, 1]);
  });
});

test('RBV is told about ten times a second while it moves, and no timer is left when it is still', () => {
  const motor = new WatchedMotor();
  motor.put('VAL', 4);
  pass(1);
  expect(motor.of('RBV').length).toBeGreaterThanOrEqual(9);
  expect(motor.of('RBV').length).toBeLessThanOrEqual(11);
  pass(5);
  expect(vi.getTimerCount()).toBe(0);
});

test('RBV is not told of less than MDEL', () => {
  const motor = new WatchedMotor();
  motor.put('MDEL', 1.5);
  motor.put('VAL', 4);
  pass(5);
  expect(motor.of('RBV').length).toBe(2);
});

test('SET and a write of VAL rename the place: OFF and the limits go with it, nothing moves', () => {
  const motor = new WatchedMotor();
  motor.put('SET', 1);
  const put = motor.putCallback('VAL', 5);
  motor.put('SET', 0);
  expect(put.answered).not.toBeNull();
  expect(['VAL', 'RBV', 'OFF', 'HLM', 'LLM', 'DRBV', 'DHLM'].map((name) => motor.get(name))).toEqual([
    5, 5, 5, 105, -95, 0, 100,
  ]);
  motor.put('VAL', 6);
  pass(3);
  expect([motor.get('RBV'), motor.get('DRBV')]).toEqual([6, 1]);
});

test('with FOFF Frozen it is the dial that is renamed', () => {
  const motor = new WatchedMotor();
  motor.put('FOFF', 1);
  motor.put('SET', 1);
  motor.put('VAL', 5);
  expect(['VAL', 'RBV', 'OFF', 'DRBV'].map((name) => motor.get(name))).toEqual([5, 5, 0, 5]);
});

test('with DIR Neg the axis goes the other way, and a switch is named from the point of view of the user', () => {
  const motor = new WatchedMotor({ limits: [0, 0], switches: [-20, 20], velocity: 10 });
  motor.put('DIR', 1);
  motor.put('VAL', -25);
  pass(5);
  expect([motor.get('LLS'), motor.get('HLS')]).toEqual([1, 0]);
  expect(Number(motor.get('DRBV'))).toBeGreaterThanOrEqual(20);
});

test('a pause keeps the target, and Go takes it there', () => {
  const motor = new WatchedMotor();
  motor.put('VAL', 10);
  pass(1);
  motor.put('SPMG', 1);
  pass(1);
  expect([motor.get('VAL'), motor.get('DMOV'), motor.get('MISS')]).toEqual([10, 1, 0]);
  motor.put('SPMG', 3);
  expect(motor.get('DMOV')).toBe(0);
  pass(8);
  expect(motor.get('RBV')).toBe(10);
});

test('jogging goes on until the button is released, and VAL is where it ended', () => {
  const motor = new WatchedMotor();
  motor.put('JOGF', 1);
  pass(1);
  expect(motor.get('DMOV')).toBe(0);
  motor.put('JOGF', 0);
  pass(1);
  expect([motor.get('DMOV'), motor.get('JOGF')]).toEqual([1, 0]);
  expect(motor.get('VAL')).toBe(motor.get('RBV'));
  expect(Number(motor.get('RBV'))).toBeGreaterThan(1);
});

test('homing presses its own button out when it is there, and says so in MSTA', () => {
  const motor = new WatchedMotor({ position: 3 });
  const put = motor.putCallback('HOMR', 1);
  pass(3);
  expect(put.answered).not.toBeNull();
  expect([motor.get('RBV'), motor.get('HOMR')]).toEqual([0, 0]);
  expect(Number(motor.get('MSTA')) & (1 << 14)).not.toBe(0);
});

test('a tweak is a step of TWV', () => {
  const motor = new WatchedMotor();
  motor.put('TWV', 0.5);
  motor.put('TWF', 1);
  pass(2);
  motor.put('TWR', 1);
  expect([motor.get('VAL'), motor.get('TWF'), motor.get('TWR')]).toEqual([0, 0, 0]);
  pass(2);
  expect(motor.get('RBV')).toBe(0);
});

test('a motor that slips ends elsewhere, with MISS 1, once', () => {
  const motor = new WatchedMotor();
  motor.record.missesBy = 0.25;
  motor.put('VAL', 1);
  pass(3);
  expect([motor.get('RBV'), motor.get('VAL'), motor.get('MISS')]).toEqual([1.25, 1, 1]);
  motor.put('VAL', 1);
  pass(3);
  expect([motor.get('RBV'), motor.get('MISS')]).toEqual([1, 0]);
});

test('a read-back refuses to be written', () => {
  const motor = new WatchedMotor();
  expect(() => motor.put('RBV', 1)).toThrow(PutRefused);
});

test('nothing runs on when the IOC closes', () => {
  const motor = new WatchedMotor();
  motor.put('VAL', 10);
  motor.record.close();
  expect(vi.getTimerCount()).toBe(0);
});

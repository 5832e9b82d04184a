import { expect, test } from 'vitest';
import { MotorLimitError } from '../../src/worker/devices/epics/motor/arrival.ts';
import type { EpicsMotor } from '../../src/worker/devices/epics/motor/epics-motor.ts';
import type { WatchUpdate } from '../../src/worker/devices/protocols.ts';
import { StatusTimeoutError } from '../../src/worker/devices/status.ts';
import { SimulatedBeamline } from '../support/epics/simulated-beamline.ts';

/** Resolves when the record says that it moves. */
const untilMoving = (motor: EpicsMotor): Promise<void> =>
  expect.poll(() => motor.fields.done.get(), { interval: 5 }).toBe(0);

const seconds = async (work: Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work.catch(() => undefined);
  return (performance.now() - begun) / 1000;
};

// The rows of the motor record's table: what a put-callback's success means, and what is made of it.

test('a move ends when the motor is there, with its read-back at the target', async () => {
  await using on = await SimulatedBeamline.withMotor();

  const status = on.motor.set(2);
  expect(status.done).toBe(false);
  await status.finished;

  const { setpoint, readback } = await on.motor.locate();
  expect(setpoint).toBe(2);
  expect(readback).toBeCloseTo(2, 3);
  expect(on.motor.position).toBeCloseTo(2, 3);
  expect(on.beamline.onRecord).toEqual([]);
});

test('a move to the present position ends at once', async () => {
  await using on = await SimulatedBeamline.withMotor();
  expect(await seconds(on.motor.set(0).finished)).toBeLessThan(0.2);
});

test('a move below the dead-band is no error, though the read-back stays', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.set(0.0005).finished;
  expect(await on.motor.userReadback.get()).toBe(0);
});

test('a target beyond a soft limit is refused before anything is written', async () => {
  await using on = await SimulatedBeamline.withMotor();

  await expect(on.motor.set(101).finished).rejects.toThrow(MotorLimitError);
  await expect(on.motor.set(101).finished).rejects.toThrow('m1 must stay from -100 to 100, received 101');

  expect(await on.motor.userSetpoint.get()).toBe(0);
});

test('a target that the record refuses is a limit error, though the record answers with success', async () => {
  await using on = await SimulatedBeamline.withMotor();
  // Between the check and the put somebody narrows the limits.
  const checked = on.motor.checkValue.bind(on.motor);
  on.motor.checkValue = async (target) => {
    await checked(target);
    await on.motor.fields.highLimit.put(1);
  };

  const failure = on.motor.set(5).finished;

  await expect(failure).rejects.toThrow(MotorLimitError);
  await expect(failure).rejects.toThrow('beyond a soft limit of the record');
  expect(await on.motor.locate()).toEqual({ setpoint: 0, readback: 0 });
});

test('equal dial limits mean no limit', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.fields.dialHighLimit.put(0);
  await on.motor.fields.dialLowLimit.put(0);
  await on.motor.checkValue(1e6);
});

test('a move that is stopped fails as stopped, soon, where the motor is then', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(15);
  await untilMoving(on.motor);
  expect(on.motor.isMoving).toBe(true);

  await on.motor.stop();

  await expect(status.finished).rejects.toThrow(/m1 was stopped at/);
  expect(on.motor.isMoving).toBe(false);
  const { setpoint, readback } = await on.motor.locate();
  expect(setpoint).toBe(readback);
  expect(readback).toBeLessThan(15);
});

test('a move that is stopped as a success succeeds', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(15);
  await untilMoving(on.motor);
  await on.motor.stop({ success: true });
  await status.finished;
  expect(await on.motor.userReadback.get()).toBeLessThan(15);
});

test('a stop that comes before the move has begun keeps the motor where it is', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(15);
  await on.motor.stop();
  await expect(status.finished).rejects.toThrow('m1 was stopped at 0');
  expect(await on.motor.locate()).toEqual({ setpoint: 0, readback: 0 });
});

test('a move that somebody else stops has missed, although the record says that all is well', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(15);
  await untilMoving(on.motor);

  const other = on.beamline.transports.backend('ca://T:m1.STOP');
  await other.connect(5);
  await other.put(1, { wait: false });

  await expect(status.finished).rejects.toThrow(/m1 was sent to 15 and missed: it ended at/);
});

test('ending elsewhere may be allowed', async () => {
  await using on = await SimulatedBeamline.withMotor({ missedFails: false });
  const status = on.motor.set(15);
  await untilMoving(on.motor);
  const other = on.beamline.transports.backend('ca://T:m1.STOP');
  await other.connect(5);
  await other.put(1, { wait: false });
  await status.finished;
});

test('another target in flight supersedes the first at once, and the motor goes to the second', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const first = on.motor.set(19);
  await untilMoving(on.motor);
  let furthest = 0;
  on.motor.userReadback.subscribe(({ m1 }) => {
    furthest = Math.max(furthest, Number(m1?.value));
  });

  const second = on.motor.set(-1);

  await expect(first.finished).rejects.toThrow('m1: the motion was superseded by a move to -1');
  await second.finished;
  expect(await on.motor.userReadback.get()).toBeCloseTo(-1, 3);
  expect(furthest).toBeLessThan(15);
  expect(on.beamline.onRecord).toEqual([]);
});

test.each([
  ['high', 50, 20],
  ['low', -50, -20],
] as const)(
  'a move into the %s limit switch is a limit error, though no alarm tells of it',
  async (name, target, end) => {
    await using on = await SimulatedBeamline.withMotor();

    const failure = on.motor.set(target).finished;

    await expect(failure).rejects.toThrow(MotorLimitError);
    await expect(failure).rejects.toThrow(new RegExp(`ran into its ${name} limit switch at ${end}`));
    expect((await on.motor.userReadback.reading()).alarm_severity).toBe(0);
  },
);

test('the way back from a limit switch is free', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.set(50).finished.catch(() => undefined);
  await on.motor.set(19).finished;
});

test('where the record makes an alarm of its switch, readings show it until the motor has left it', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const severity = on.beamline.transports.backend('ca://T:m1.HLSV');
  await severity.connect(5);
  await severity.put('MAJOR', { wait: true });

  await on.motor.set(50).finished.catch(() => undefined);
  expect((await on.motor.userReadback.reading()).alarm_severity).toBe(2);

  await on.motor.set(10).finished;
  expect((await on.motor.userReadback.reading()).alarm_severity).toBe(0);
});

// What is checked before a move, and what ends one.

test.each([
  ['calibrated', 'SET', 'Set', "m1 is being calibrated (SET is 'Set')"],
  ['held', 'SPMG', 'Pause', "m1 is held by SPMG, which is 'Pause' and must be 'Go'"],
  ['without velocity', 'VELO', 0, 'm1 must have a velocity above 0 (VELO), has 0'],
] as const)('a motor that is %s is not moved', async (_what, field, value, refusal) => {
  await using on = await SimulatedBeamline.withMotor();
  const backend = on.beamline.transports.backend(`ca://T:m1.${field}`);
  await backend.connect(5);
  await backend.put(value, { wait: true });

  await expect(on.motor.set(1).finished).rejects.toThrow(refusal);

  expect(await on.motor.userSetpoint.get()).toBe(0);
});

test.each([Number.NaN, Infinity, 'far' as unknown as number])('the target %s is refused', async (target) => {
  await using on = await SimulatedBeamline.withMotor();
  await expect(on.motor.set(target).finished).rejects.toThrow('m1 must be sent to a number');
});

test('a move that takes too long fails, and stays on record, since nobody knows that it has ended', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(19, { timeout: 0.2 });
  await expect(status.finished).rejects.toThrow(StatusTimeoutError);
  expect(on.beamline.onRecord).toMatchObject([
    { stop: 'T:m1.STOP', setpoint: 'T:m1.VAL', done: 'T:m1.DMOV', value: 19 },
  ]);
});

test('a connection that is lost in motion fails the move at once', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(19);
  await untilMoving(on.motor);

  const waited = seconds(status.finished);
  on.beamline.ioc.faults.dropCircuits();

  expect(await waited).toBeLessThan(0.5);
  expect(status.exception()?.message).toContain('T:m1');
});

test('a motor that was lost in motion is stopped when it is there again, and then off the record', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.fields.velocity.put(2);
  const status = on.motor.set(19);
  await untilMoving(on.motor);

  on.beamline.ioc.faults.dropCircuits();
  await expect(status.finished).rejects.toThrow('was lost in motion');

  await expect.poll(() => on.record.field('DMOV').number, { interval: 5, timeout: 8000 }).toBe(1);
  expect(on.record.field('RBV').number).toBeLessThan(19);
  await expect.poll(() => on.beamline.onRecord, { timeout: 5000 }).toEqual([]);
});

test('a motor that somebody else has sent elsewhere meanwhile goes on', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.fields.velocity.put(2);
  const status = on.motor.set(19);
  await untilMoving(on.motor);

  on.beamline.ioc.faults.dropCircuits();
  on.record.put(on.record.field('VAL'), -1);
  await expect(status.finished).rejects.toThrow('was lost in motion');

  await expect.poll(() => on.beamline.onRecord, { timeout: 5000 }).toEqual([]);
  await expect.poll(() => on.record.field('DMOV').number, { interval: 5, timeout: 8000 }).toBe(1);
  expect(on.record.field('RBV').number).toBeCloseTo(-1);
});

test('a motor that is disconnected refuses at once, by name', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const lost = new Promise((resolve) => on.motor.userSetpoint.onDisconnect(resolve));
  on.beamline.ioc.faults.hide('T:m1.VAL');
  on.beamline.ioc.faults.hide('T:m1.SET');
  on.beamline.ioc.faults.dropCircuits();
  await lost;

  expect(await seconds(on.motor.set(1).finished)).toBeLessThan(0.2);
  await expect(on.motor.set(1).finished).rejects.toThrow('T:m1');
});

test('a motion is on record before it begins', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const status = on.motor.set(10);
  await untilMoving(on.motor);
  expect(on.beamline.onRecord).toMatchObject([{ value: 10 }]);
  await status.finished;
  expect(on.beamline.onRecord).toEqual([]);
});

test('a watcher follows the read-back to the target', async () => {
  await using on = await SimulatedBeamline.withMotor();
  const seen: WatchUpdate[] = [];
  const status = on.motor.set(15);
  status.watch((update) => seen.push(update));
  await status.finished;

  expect(seen.length).toBeGreaterThan(2);
  expect(seen[0]).toMatchObject({ name: 'm1', initial: 0, target: 15, unit: 'mm', precision: 3, fraction: 1 });
  expect(seen.at(-1)?.current).toBeCloseTo(15, 3);
  expect(seen.at(-1)?.fraction).toBeCloseTo(0, 3);
});

// What else a motor does.

test('it reads and describes itself as ophyd has it', async () => {
  await using on = await SimulatedBeamline.withMotor();
  expect(Object.keys(await on.motor.read())).toEqual(['m1', 'm1_user_setpoint']);
  expect(await on.motor.describe()).toMatchObject({
    m1: { source: 'ca://T:m1.RBV', dtype: 'number', shape: [], units: 'mm', precision: 3 },
  });
  expect(Object.keys(await on.motor.readConfiguration())).toEqual([
    'm1_user_offset',
    'm1_user_offset_dir',
    'm1_velocity',
    'm1_acceleration',
    'm1_motor_egu',
  ]);
  expect(on.motor.hints).toEqual({ fields: ['m1'] });
});

test('setting the current position renames the place, and leaves SET at Use', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.set(2).finished;
  await on.motor.setCurrentPosition(7);
  const { setpoint, readback } = await on.motor.locate();
  expect(setpoint).toBeCloseTo(7, 3);
  expect(readback).toBeCloseTo(7, 3);
  expect(await on.motor.fields.setState.get()).toBe('Use');
});

test('homing ends where home is', async () => {
  await using on = await SimulatedBeamline.withMotor();
  await on.motor.set(2).finished;
  await on.motor.home('forward').finished;
  expect(await on.motor.userReadback.get()).toBeCloseTo(0, 3);
});

test('a flight runs up, flies at its velocity, runs down, and leaves the velocity as it was', async () => {
  await using on = await SimulatedBeamline.withMotor();

  await on.motor.prepare({ start: 0, end: 2, time: 0.5 }).finished;
  expect(await on.motor.fields.velocity.get()).toBe(4);
  expect(await on.motor.userReadback.get()).toBeCloseTo(-0.1);

  await on.motor.kickoff().finished;
  await on.motor.complete().finished;
  expect(await on.motor.userReadback.get()).toBeCloseTo(2.1);
  expect(await on.motor.fields.velocity.get()).toBe(40);
  await expect(on.motor.prepare({ start: 0, end: 100, time: 1 }).finished).rejects.toThrow('(VMAX)');
});

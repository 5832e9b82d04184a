import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Readings, WatchUpdate } from '../../../../../src/worker/devices/protocols.ts';
import { Device } from '../../../../../src/worker/devices/sim/device.ts';
import { simulatedHardware } from '../../../../../src/worker/devices/sim/hardware.ts';
import { Signal } from '../../../../../src/worker/devices/sim/signal.ts';
import { SynAxis } from '../../../../../src/worker/devices/sim/syn-axis.ts';
import { SynGauss } from '../../../../../src/worker/devices/sim/syn-gauss.ts';
import { SynPeriodicSignal, SynSignal } from '../../../../../src/worker/devices/sim/syn-signal.ts';

const valueOf = (readings: Readings, field: string): unknown => readings[field]?.value;

test('an axis arrives in a later turn, and tells its listeners', async () => {
  const axis = new SynAxis({ name: 'm' });
  const heard: unknown[] = [];
  axis.subscribe((readings) => heard.push(valueOf(readings, 'm')));

  const status = axis.set(2);
  expect([status.done, axis.position, valueOf(axis.read(), 'm_setpoint')]).toEqual([false, 0, 2]);
  await status.finished;
  expect([status.success, axis.position, heard]).toEqual([true, 2, [0, 2]]);
});

test('a move that takes time tells how far it has come', async () => {
  const axis = new SynAxis({ name: 'm', delay: 0.02, eventsPerMove: 4 });
  const updates: WatchUpdate[] = [];
  const status = axis.set(4);
  status.watch((update) => updates.push(update));
  await status.finished;
  expect(updates.map(({ current }) => current)).toEqual([1, 2, 3]);
  expect(updates[0]).toMatchObject({ name: 'm', initial: 0, target: 4, unit: 'mm', fraction: 0.75 });
});

test('an axis refuses what is no number, and its readback cannot be put', () => {
  const axis = new SynAxis({ name: 'm' });
  expect(() => axis.set('here' as unknown as number)).toThrow('m moves to numbers, received here');
  expect(() => axis.readback.put(1)).toThrow('The signal m is readonly.');
});

test('a peak is seen where it is', async () => {
  const { motor1, det1 } = simulatedHardware();
  expect(valueOf(det1.read(), 'det1')).toBe(5);
  await motor1.set(0.5).finished;
  det1.trigger();
  expect(valueOf(det1.read(), 'det1')).toBeCloseTo(5 * Math.exp(-0.5), 12);
});

test('a round peak is seen in a plane', async () => {
  const { motor1, motor2, det4 } = simulatedHardware();
  await Promise.all([motor1.set(1).finished, motor2.set(2).finished]);
  det4.trigger();
  expect(valueOf(det4.read(), 'det4')).toBeCloseTo(Math.exp(-2.5), 12);
});

test('noise is what the detector is set to', () => {
  const motor = new SynAxis({ name: 'm' });
  const noisy = new SynGauss({ name: 'd', along: { motor, field: 'm' }, center: 0, Imax: 10, noise: 'poisson' });
  const counts = Array.from({ length: 200 }, () => {
    noisy.trigger();
    return Number(valueOf(noisy.read(), 'd'));
  });
  expect(counts.every(Number.isInteger)).toBe(true);
  expect(counts.reduce((sum, count) => sum + count, 0) / counts.length).toBeGreaterThan(8);

  noisy.configure({ noise: 'uniform', noise_multiplier: 0 });
  noisy.trigger();
  expect(valueOf(noisy.read(), 'd')).toBe(10);
  expect(() => noisy.noise.put('loud' as 'none')).toThrow('loud not in enum strs none, poisson, uniform');
});

test('a trigger takes as long as the exposure', async () => {
  const signal = new SynSignal({ name: 's', compute: Math.random, exposureTime: 0.005 });
  const status = signal.trigger();
  expect(status.done).toBe(false);
  await status.finished;
  expect(status.success).toBe(true);
});

test('a periodic signal changes by itself from when it is first read', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let value = 0;
  const signal = new SynPeriodicSignal({ name: 's', period: 1, periodJitter: 0, compute: () => value++ });
  vi.advanceTimersByTime(5000);
  expect(valueOf(signal.read(), 's')).toBe(0);
  vi.advanceTimersByTime(2000);
  expect(valueOf(signal.read(), 's')).toBe(2);
});

test('only configuration can be configured', () => {
  const { motor, det_with_count_time: counter } = simulatedHardware();
  const [before, after] = motor.configure({ velocity: 3 });
  expect([valueOf(before, 'motor_velocity'), valueOf(after, 'motor_velocity')]).toEqual([1, 3]);
  expect(() => counter.configure({ count_time: 3 })).toThrow(
    'count_time is not one of the configuration_fields, so it cannot be changed using configure',
  );
  expect(() => motor.configure({ speed: 3 })).toThrow('There is no signal named speed');
});

test('staging twice is refused', () => {
  const { det } = simulatedHardware();
  expect(det.stage()).toEqual([det]);
  expect(() => det.stage()).toThrow('is already staged. Unstage it first.');
  det.unstage();
  expect(det.stage()).toEqual([det]);
});

test('a device is staged, read and shown with its parts', () => {
  class Pair extends Device {
    readonly left = this.add('left', 'normal', (place) => new SynAxis(place));
    readonly offset = this.add('offset', 'config', (place) => new Signal({ ...place, value: 1 }));
  }
  const pair = new Pair({ name: 'pair' });
  expect(pair.stage()).toEqual([pair, pair.left]);
  expect(pair.unstage()).toEqual([pair, pair.left]);
  expect(Object.keys(pair.read())).toEqual(['pair_left', 'pair_left_setpoint']);
  expect(Object.keys(pair.readConfiguration())).toEqual([
    'pair_left_velocity',
    'pair_left_acceleration',
    'pair_offset',
  ]);
  expect(String(pair)).toBe(
    "Pair(prefix='', name='pair', read_attrs=['left', 'left.readback', 'left.setpoint'], " +
      "configuration_attrs=['left', 'left.velocity', 'left.acceleration', 'offset'])",
  );
});

test('an image goes to a file, and its event has the datum', () => {
  const savePath = mkdtempSync(join(tmpdir(), 'beamgate-test-'));
  onTestFinished(() => rmSync(savePath, { recursive: true }));
  const { img } = simulatedHardware({ savePath });
  expect(img.trigger().exception()?.message).toBe('img must be staged before it is triggered');

  img.stage();
  img.trigger();
  const [resource, datum] = img.collectAssetDocs().map(([, document]) => document);
  expect(resource).toMatchObject({ spec: 'NPY_SEQ', root: savePath, path_semantics: 'posix' });
  expect(datum).toEqual({
    resource: resource?.['uid'],
    datum_kwargs: { index: 0 },
    datum_id: `${String(resource?.['uid'])}/0`,
  });
  expect(valueOf(img.read(), 'img')).toBe(datum?.['datum_id']);

  const file = readFileSync(join(savePath, `${String(resource?.['resource_path'])}_0.npy`));
  expect(file.subarray(0, 6).toString('latin1')).toBe('\x93NUMPY');
  expect(file.subarray(10, 128).toString('latin1').trim()).toBe(
    "{'descr': '<f8', 'fortran_order': False, 'shape': (10, 10), }",
  );
  expect([file.length, file.readDoubleLE(128)]).toEqual([128 + 800, 1]);
});

test('a flyer takes data by itself, and gives it once', async () => {
  const { flyer2, motor } = simulatedHardware();
  expect(() => flyer2.complete()).toThrow('No collection in progress');
  flyer2.kickoff();
  expect(() => flyer2.kickoff()).toThrow('Kicking off a second time?!');
  await flyer2.complete().finished;
  const events = flyer2.collect();
  expect(events).toHaveLength(10);
  expect(events.at(-1)?.data).toMatchObject({ motor: 5, motor_setpoint: 5 });
  expect([flyer2.collect(), motor.position]).toEqual([[], 5]);
});

test('pseudo axes move their real axes, and keep to their limits', () => {
  const { pseudo3x3: device } = simulatedHardware();
  const [first] = device.pseudoPositioners;
  device.set([1, 2, 3]);
  expect(device.realPositioners.map(({ position }) => position)).toEqual([-1, -2, -3]);
  device.set({ pseudo2: 5 });
  void first?.set(4);
  expect(device.position).toEqual([4, 5, 3]);
  expect(() => first?.set(11)).toThrow('Position is outside of pseudo single limits: pseudo3x3_pseudo1, -10 < 11 < 10');
  expect(() => device.set({ pseudo9: 1 })).toThrow('pseudo3x3 has no pseudo axis pseudo9');
  expect(device.position).toEqual([4, 5, 3]);
});

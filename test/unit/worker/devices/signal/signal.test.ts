import { expect, test } from 'vitest';
import type { DeviceContext } from '../../../../../src/worker/devices/device-context.ts';
import { MemoryBackend } from '../../../../../src/worker/devices/signal/memory-backend.ts';
import { Signal } from '../../../../../src/worker/devices/signal/signal.ts';
import { SignalRO } from '../../../../../src/worker/devices/signal/signal-ro.ts';

const number = (limits?: { low: number; high: number }) =>
  new MemoryBackend('soft://x', 1, {
    dtype: 'number',
    shape: [],
    isWritable: true,
    precision: 2,
    ...(limits ? { limits: { control: limits } } : {}),
  });

const contextOf = (backends: Record<string, MemoryBackend>): DeviceContext => ({
  backend(source) {
    const backend = backends[source];
    if (backend === undefined) throw new Error(`no ${source}`);
    return backend;
  },
  motions: { begin: () => () => undefined },
});

test('a signal reads and describes itself under its name, hinted by default', async () => {
  const signal = new SignalRO(number(), { name: 'x' });

  expect(await signal.read()).toMatchObject({ x: { value: 1, alarm_severity: 0 } });
  expect(await signal.describe()).toEqual({ x: { source: 'soft://x', dtype: 'number', shape: [], precision: 2 } });
  expect(signal.hints).toEqual({ fields: ['x'] });
});

test('a staged signal is read from its monitor, at once', async () => {
  const backend = number();
  const signal = new SignalRO(backend, { name: 'x' });
  expect(signal.read()).toBeInstanceOf(Promise);

  signal.stage();
  await backend.put(4);

  expect(signal.read()).toMatchObject({ x: { value: 4 } });
  signal.unstage();
  expect(signal.read()).toBeInstanceOf(Promise);
});

test('a signal that must be newer than a trigger is not read from its monitor', () => {
  const signal = new SignalRO(number(), { name: 'x', cached: false });
  signal.stage();
  expect(signal.read()).toBeInstanceOf(Promise);
});

test('subscribers are told the present value at once and each change, until they leave', async () => {
  const backend = number();
  const signal = new SignalRO<number>(backend, { name: 'x' });
  const seen: unknown[] = [];
  const listener = (readings: Record<string, { value: unknown }>): void => void seen.push(readings['x']?.value);

  signal.subscribe(listener);
  await backend.put(2);
  signal.clearSub(listener);
  await backend.put(3);

  expect(seen).toEqual([1, 2]);
});

test('a set is checked against the control limits before anything is written', async () => {
  const signal = new Signal<number>(number({ low: 0, high: 5 }), { name: 'x' });

  await expect(signal.set(6).finished).rejects.toThrow('x must be from 0 to 5, received 6');
  expect(await signal.get()).toBe(1);
  await signal.set(5).finished;
  expect(await signal.locate()).toEqual({ setpoint: 5, readback: 5 });
});

test('a pair is written in one place and read in the other, done when the readback is near', async () => {
  const [readback, setpoint] = [number(), number()];
  const signal = new Signal<number>('soft://rbv', { name: 'x', write: 'soft://sp', tolerance: 'precision' });
  await signal.connect(contextOf({ 'soft://rbv': readback, 'soft://sp': setpoint }), 1);

  const status = signal.set(3);
  await expect.poll(() => setpoint.get()).toMatchObject({ value: 3 });
  expect(status.done).toBe(false);
  await readback.put(2.995);

  await status.finished;
  expect(await signal.locate()).toEqual({ setpoint: 3, readback: 2.995 });
});

test('what a device relies on is checked when its signal is connected', async () => {
  const shutter = new MemoryBackend('soft://s', 'Closed', {
    dtype: 'string',
    shape: [],
    isWritable: true,
    choices: ['Closed', 'Open'],
  });
  const context = contextOf({ 'soft://s': shutter });
  const connect = (expects: object): Promise<void> =>
    new SignalRO('soft://s', { name: 's', expects }).connect(context, 1);

  await connect({ choices: ['Closed', 'Open'] });
  await connect({ choicesAmong: ['Open'] });
  await expect(connect({ choices: ['Open', 'Closed'] })).rejects.toThrow('must have the states Open, Closed');
  await expect(connect({ choicesAmong: ['Ajar'] })).rejects.toThrow(
    'soft://s must have the states Ajar, has Closed, Open',
  );
  await expect(connect({ dtype: 'number' })).rejects.toThrow('must be of dtype number, is string');
});

test('a signal that is no part of the environment says so when it is used', async () => {
  await expect(new SignalRO('ca://X', { name: 'x' }).get()).rejects.toThrow('x (ca://X) was never connected');
});

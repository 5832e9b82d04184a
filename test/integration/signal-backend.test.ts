import { expect, test } from 'vitest';
import { AnalogRecord } from '../../src/sim-ioc/records/analog.ts';
import { DiscreteRecord } from '../../src/sim-ioc/records/discrete.ts';
import { ScalerRecord } from '../../src/sim-ioc/records/scaler.ts';
import { EpicsScaler } from '../../src/worker/devices/epics/epics-scaler.ts';
import { EpicsSignal, EpicsSignalRO } from '../../src/worker/devices/epics/epics-signal.ts';
import { signalBackendContract } from '../contracts/signal-backend.contract.ts';
import { SimulatedBeamline } from '../support/epics/simulated-beamline.ts';

const number = (name: string): AnalogRecord =>
  new AnalogRecord(`T:${name}`, 'ao', { units: 'mm', precision: 3, drive: [0, 10] });
const shutter = (): DiscreteRecord => new DiscreteRecord('T:enum', 'bo', { states: ['Closed', 'Open'] });

signalBackendContract('Channel Access', async (body) => {
  await using beamline = await SimulatedBeamline.with(number('number'), number('read-only'), shutter());
  beamline.ioc.faults.setAccess('T:read-only', 'read');
  await body({ open: (source) => beamline.transports.backend(`ca://T:${source}`) });
});

test('a scheme that is not there yet is refused by a sentence', async () => {
  await using beamline = await SimulatedBeamline.with();
  expect(() => beamline.transports.backend('pva://T:number')).toThrow('PV Access is not supported yet');
  expect(() => beamline.transports.backend('T:number')).toThrow("must be 'ca://<PV>', received 'T:number'");
});

test('a monitored signal is read from its monitor, follows changes, and is no reading once it is lost', async () => {
  const record = number('number');
  await using beamline = await SimulatedBeamline.with(record);
  const signal = new EpicsSignalRO<number>('T:number', { name: 'x', monitored: true });
  await signal.connect(beamline.transports, 5);
  await expect.poll(() => signal.latest).toMatchObject({ value: 0 });

  const lost = new Promise((resolve) => signal.onDisconnect(resolve));
  beamline.ioc.faults.hide('T:number');
  beamline.ioc.faults.dropCircuits();
  await lost;

  expect(signal.latest).toBeUndefined();
  await expect(signal.read()).rejects.toThrow('T:number');

  // It comes back with its monitor.
  beamline.ioc.faults.hide('T:number', false);
  await expect.poll(() => signal.latest, { timeout: 15_000 }).toMatchObject({ value: 0 });
});

test('a set in flight fails when the connection is lost', async () => {
  const slow = new DiscreteRecord('T:slow', 'bo', {
    states: ['Done', 'Busy'],
    device: async () => new Promise(() => undefined),
  });
  await using beamline = await SimulatedBeamline.with(slow);
  const signal = new EpicsSignal<string>('T:slow', { name: 'x' });
  await signal.connect(beamline.transports, 5);

  const status = signal.set('Busy');
  await expect.poll(() => signal.get()).toBe('Busy');
  beamline.ioc.faults.dropCircuits();

  await expect(status.finished).rejects.toThrow('T:slow');
});

test('a set ends after its time when the record never does; a button does not wait', async () => {
  const slow = new DiscreteRecord('T:slow', 'bo', {
    states: ['Done', 'Busy'],
    device: async () => new Promise(() => undefined),
  });
  await using beamline = await SimulatedBeamline.with(slow);
  const signal = new EpicsSignal<string>('T:slow', { name: 'x' });
  await signal.connect(beamline.transports, 5);

  await signal.set('Busy', { wait: false }).finished;
  await expect(signal.set('Done', { timeout: 0.1 }).finished).rejects.toThrow('T:slow');
});

test('a scaler counts for its preset time at each trigger, and names its channels', async () => {
  const record = new ScalerRecord('T:scaler', { names: ['clock', 'I0'], rates: [() => 1e7, () => 5000] });
  await using beamline = await SimulatedBeamline.with(record);
  const scaler = new EpicsScaler('T:scaler', { name: 's', channels: { 1: 'clock', 2: 'I0' } });
  await scaler.connect(beamline.transports, 5);
  await scaler.presetTime.put(0.1);
  await scaler.mode.put('AutoCount');

  scaler.stage();
  const counted = scaler.trigger();
  expect(scaler.isMoving).toBe(true);
  await counted.finished;

  expect(await scaler.mode.get()).toBe('OneShot');
  const readings = await scaler.read();
  expect(Object.keys(readings)).toEqual(['s_time', 's_clock', 's_I0']);
  expect(readings['s_time']?.value).toBeCloseTo(0.1);
  expect(readings['s_I0']?.value).toBe(500);
  expect(scaler.hints).toEqual({ fields: ['s_clock', 's_I0'] });
  expect(await scaler.readConfiguration()).toMatchObject({ s_preset_time: { value: 0.1 }, s_name2: { value: 'I0' } });

  scaler.unstage();
  await expect.poll(() => scaler.mode.get()).toBe('AutoCount');
});

test('a count that is stopped ends early', async () => {
  const record = new ScalerRecord('T:scaler', { names: ['clock'], rates: [() => 1e7] });
  await using beamline = await SimulatedBeamline.with(record);
  const scaler = new EpicsScaler('T:scaler', { name: 's', channels: { 1: 'clock' } });
  await scaler.connect(beamline.transports, 5);
  await scaler.presetTime.put(60);

  const counted = scaler.trigger();
  await expect.poll(() => scaler.count.get()).toBe('Count');
  await scaler.stop();

  await counted.finished;
});

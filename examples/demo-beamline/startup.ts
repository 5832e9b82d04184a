/**
 * The demo beamline: what `beamgate start` opens. Its devices are EPICS PVs of the simulated IOC (`beamgate ioc`), beside
 * the simulated devices, plans and functions that bluesky-queueserver comes with. Copy this file to begin your own.
 */
import { EpicsMotor, EpicsScaler, EpicsSignal, EpicsSignalRO, simProfile } from 'beamgate/startup';
import { PeakDetector } from './devices/peak-detector.ts';

const simulated = simProfile();
export default simulated.namespace;
export const metadata = { ...simulated.metadata, beamline: 'demo' };

/** Two motor records. */
export const m1 = new EpicsMotor('BGDEMO:m1', { name: 'm1' });
export const m2 = new EpicsMotor('BGDEMO:m2', { name: 'm2' });

/** Its count peaks along m1, at 0. */
export const peak = new PeakDetector('BGDEMO:peak', { name: 'peak' });

/** Counts for its preset time when it is triggered. */
export const scaler = new EpicsScaler('BGDEMO:scaler', {
  name: 'scaler',
  channels: { 1: 'clock', 2: 'I0', 3: 'peak' },
});

/** Counts up by itself, once a second. */
export const counter = new EpicsSignalRO<number>('BGDEMO:counter', { name: 'counter' });

/** `mv(shutter, 'Open')` */
export const shutter = new EpicsSignal<string>('BGDEMO:shutter', { name: 'shutter' });

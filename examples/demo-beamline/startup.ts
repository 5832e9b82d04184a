/**
 * The demo beamline: what `beamgate start` opens. Its devices are EPICS PVs of the simulated IOC (`beamgate ioc`), beside
 * the simulated devices, plans and functions that bluesky-queueserver comes with. Copy this file to begin your own.
 */
import { EpicsMotor, EpicsSignal, EpicsSignalRO, simProfile } from 'beamgate/startup';

const simulated = simProfile();
export default simulated.namespace;
export const metadata = { ...simulated.metadata, beamline: 'demo' };

/** Two motor records. */
export const m1 = new EpicsMotor('BGDEMO:m1', { name: 'm1' });
export const m2 = new EpicsMotor('BGDEMO:m2', { name: 'm2' });

/** A detector whose count peaks along m1: read anew each time, because a value from before a motion would be wrong. */
export const peak = new EpicsSignalRO<number>('BGDEMO:peak', { name: 'peak', cached: false });

/** Counts up by itself. */
export const counter = new EpicsSignalRO<number>('BGDEMO:counter', { name: 'counter' });

/** `mv(shutter, 'Open')` */
export const shutter = new EpicsSignal<string>('BGDEMO:shutter', { name: 'shutter' });

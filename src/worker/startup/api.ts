/** What startup code imports as `beamgate/startup`: plans, what plans are made of, and devices. */
export { definePlan, type DefinedPlan } from './define-plan.ts';
export { defineFunction, type DefinedFunction } from './define-function.ts';
export * from './parameters.ts';
export { simProfile, type Profile } from './sim-profile/profile.ts';

export { bundledPlans } from '../plans/bundled-plans.ts';
export {
  FailedStatus,
  msg,
  type Msg,
  type Plan,
  PlanHalt,
  replay,
  RequestAbort,
  RequestStop,
  RunEngineControlException,
} from '../run-engine/messages.ts';
export * as stubs from './plan-stubs.ts';
export * as wrappers from './plan-wrappers.ts';

export type * from '../devices/protocols.ts';
export { DeviceStatus, both } from '../devices/status.ts';
export { Device } from '../devices/device.ts';
export type { Place } from '../devices/part.ts';
export { Signal } from '../devices/signal/signal.ts';
export { SignalRO } from '../devices/signal/signal-ro.ts';
export { softSignal } from '../devices/signal/soft-signal.ts';
export { EpicsSignal, EpicsSignalRO } from '../devices/epics/epics-signal.ts';
export { EpicsMotor } from '../devices/epics/motor/epics-motor.ts';
export { AreaDetector, hdf5, tiff } from '../devices/epics/area-detector/area-detector.ts';
export { dailyFolders, type PathProvider } from '../devices/epics/area-detector/files.ts';
export { EpicsScaler } from '../devices/epics/epics-scaler.ts';
export { SynAxis } from '../devices/sim/syn-axis.ts';
export { SynGauss } from '../devices/sim/syn-gauss.ts';

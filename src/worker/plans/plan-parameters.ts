import type { Readable } from '../devices/protocols.ts';
import { anyValue, metadata, movable, pairs, readables } from '../startup/parameters.ts';
import type { Plan } from '../run-engine/messages.ts';
import type { Device } from './device-family.ts';
import type { Step } from './stubs/steps.ts';

/** Where the plans of this folder are found in Python: clients group plans by it. */
export const PLANS_MODULE = 'bluesky.plans';

/** What is done at each point of a trajectory, in place of `oneNdStep`. */
export type PerStep = (detectors: readonly Readable[], step: Step, lastPositions: Map<Device, unknown>) => Plan;

/** What is done at each position of one motor, in place of `one1dStep`. */
export type Per1dStep = (detectors: readonly Readable[], motor: Device, position: number) => Plan;

/** Parameters that most plans share. */
export const detectors = readables('devices read at each point');
export const xMotor = movable('the motor along x');
export const yMotor = movable('the motor along y');
export const motorArguments = pairs('for each dimension a motor and where it goes');
export const md = metadata('what is added to the start document');
export const perStep = anyValue<PerStep | null, { kind: 'KEYWORD_ONLY'; default: null }>(
  'what is done at each point; moving and reading when left out',
  { kind: 'KEYWORD_ONLY', default: null },
);
export const per1dStep = anyValue<Per1dStep | null, { kind: 'KEYWORD_ONLY'; default: null }>(
  'what is done at each position; moving and reading when left out',
  { kind: 'KEYWORD_ONLY', default: null },
);

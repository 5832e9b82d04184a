import type { Plan } from '../run-engine/messages.ts';
import type { Device } from './device-family.ts';
import { relativeSetWrapper, resetPositionsWrapper } from './wrappers/relative.ts';

/** A scan around where the motors are; they go back there in the end. */
export const relative = <R>(motors: readonly Device[], plan: Plan<R>): Plan<R> =>
  resetPositionsWrapper(relativeSetWrapper(plan, motors), motors);

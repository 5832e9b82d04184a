import { PlanHalt } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { pause } from '../stubs/control.ts';

export interface FinalizeOptions {
  /** Pauses where the error came up, before the clean-up, so that a person can look. */
  pauseForDebug?: boolean;
}

/**
 * Runs `finalPlan` after `plan`, however it ended, save by a halt. There is no `finally` here on purpose: that would
 * also run when a generator is closed from outside, where nobody reads what the clean-up yields.
 */
export function* finalizeWrapper<R>(
  plan: Plan<R>,
  finalPlan: () => Plan,
  { pauseForDebug = false }: FinalizeOptions = {},
): Plan<R> {
  let result: R;
  try {
    result = yield* plan;
  } catch (error) {
    if (error instanceof PlanHalt) throw error;
    if (pauseForDebug) yield* pause();
    yield* finalPlan();
    throw error;
  }
  yield* finalPlan();
  return result;
}

export interface Contingencies<R> extends FinalizeOptions {
  /** Runs when the plan failed. Stop and abort are failures here, with an `exitStatus`. */
  exceptPlan?: (error: Error) => Plan<R | void>;
  /** Runs when the plan succeeded; its own failure is not given to `exceptPlan`. */
  elsePlan?: () => Plan;
  /** Runs in the end in either case. */
  finalPlan?: () => Plan;
  /** When false the error is considered dealt with, and what `exceptPlan` returns is the result. */
  autoRaise?: boolean;
}

/** Runs further plans depending on how `plan` ends. A halt is answered by none of them. */
export function* contingencyWrapper<R>(plan: Plan<R>, contingencies: Contingencies<R>): Plan<R> {
  const { finalPlan } = contingencies;
  const watched = exceptOrElse(plan, contingencies);
  return yield* finalPlan ? finalizeWrapper(watched, finalPlan) : watched;
}

function* exceptOrElse<R>(plan: Plan<R>, contingencies: Contingencies<R>): Plan<R> {
  const { exceptPlan, elsePlan, autoRaise = true, pauseForDebug = false } = contingencies;
  let result: R;
  try {
    result = yield* plan;
  } catch (error) {
    if (error instanceof PlanHalt || !(error instanceof Error)) throw error;
    if (pauseForDebug) yield* pause();
    if (!exceptPlan) throw error;
    const replacement = yield* exceptPlan(error);
    if (autoRaise) throw error;
    return replacement as R; // the caller who turns autoRaise off gives a result there
  }
  if (elsePlan) yield* elsePlan();
  return result;
}

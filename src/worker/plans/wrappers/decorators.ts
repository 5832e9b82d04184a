import type { Plan } from '../../run-engine/messages.ts';
import { baselineWrapper } from './baseline.ts';
import { contingencyWrapper, finalizeWrapper } from './cleanup.ts';
import { configureCountTimeWrapper } from './count-time.ts';
import { flyDuringWrapper, monitorDuringWrapper } from './during.ts';
import { relativeSetWrapper, resetPositionsWrapper } from './relative.ts';
import { injectMdWrapper, runWrapper, setRunKeyWrapper, stubWrapper } from './run.ts';
import { lazilyStageWrapper, stageWrapper } from './staging.ts';
import { subsWrapper, suspendWrapper } from './subscriptions.ts';

type PlanFunction<A extends unknown[], R> = (...args: A) => Plan<R>;
type Wrapper<O extends unknown[], R, W> = (plan: Plan<R>, ...options: O) => Plan<W>;

/** `stageDecorator(devices)(planFunction)`: a function that makes the same plans, wrapped. */
const decorator =
  <O extends unknown[], W>(wrapper: Wrapper<O, unknown, W>) =>
  (...options: O) =>
  <A extends unknown[], R>(makePlan: PlanFunction<A, R>): PlanFunction<A, W> =>
  (...args) =>
    wrapper(makePlan(...args), ...options);

export const baselineDecorator = decorator(baselineWrapper<unknown>);
export const configureCountTimeDecorator = decorator(configureCountTimeWrapper<unknown>);
export const contingencyDecorator = decorator(contingencyWrapper<unknown>);
export const finalizeDecorator = decorator(finalizeWrapper<unknown>);
export const flyDuringDecorator = decorator(flyDuringWrapper<unknown>);
export const injectMdDecorator = decorator(injectMdWrapper<unknown>);
export const lazilyStageDecorator = decorator(lazilyStageWrapper<unknown>);
export const monitorDuringDecorator = decorator(monitorDuringWrapper<unknown>);
export const relativeSetDecorator = decorator(relativeSetWrapper<unknown>);
export const resetPositionsDecorator = decorator(resetPositionsWrapper<unknown>);
export const runDecorator = decorator(runWrapper);
export const setRunKeyDecorator = decorator(setRunKeyWrapper<unknown>);
export const stageDecorator = decorator(stageWrapper<unknown>);
export const stubDecorator = decorator(stubWrapper);
export const subsDecorator = decorator(subsWrapper<unknown>);
export const suspendDecorator = decorator(suspendWrapper<unknown>);

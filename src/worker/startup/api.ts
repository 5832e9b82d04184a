/** What startup code imports as `beamgate/startup`: plans, what plans are made of, and devices. */
export { definePlan, type DefinedPlan } from './define-plan.ts';
export * from './parameters.ts';
export { simProfile } from './sim-profile/profile.ts';

export { bundledPlans } from '../plans/bundled-plans.ts';
export { msg, type Msg, type Plan } from '../run-engine/messages.ts';
export * as stubs from './plan-stubs.ts';
export * as wrappers from './plan-wrappers.ts';

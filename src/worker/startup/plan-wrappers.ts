/** What is put around plans: staging, runs, clean-up, relative moves, and so on. */
export * from '../plans/wrappers/baseline.ts';
export * from '../plans/wrappers/cleanup.ts';
export * from '../plans/wrappers/count-time.ts';
export * from '../plans/wrappers/decorators.ts';
export * from '../plans/wrappers/during.ts';
export * from '../plans/wrappers/mutators.ts';
export * from '../plans/wrappers/relative.ts';
export * from '../plans/wrappers/rewindable.ts';
export * from '../plans/wrappers/run.ts';
export * from '../plans/wrappers/staging.ts';
export * from '../plans/wrappers/subscriptions.ts';
export * from '../plans/wrappers/summary.ts';
export * from '../plans/wrappers/supplemental-data.ts';

/** What plans are made of: each yields one message or a few. */
export * from '../plans/stubs/bundle.ts';
export * from '../plans/stubs/control.ts';
export * from '../plans/stubs/flying.ts';
export * from '../plans/stubs/motion.ts';
export * from '../plans/stubs/reading.ts';
export * from '../plans/stubs/repeating.ts';
export * from '../plans/stubs/runs.ts';
export * from '../plans/stubs/staging.ts';
export * from '../plans/stubs/steps.ts';
export * from '../plans/stubs/waiting.ts';

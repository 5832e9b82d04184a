import { defineStates } from '../../lib/define-states.ts';

/**
 * What the RunEngine is doing, in bluesky's words.
 *
 * From `idle` a call makes it `running`, until the plan ends and everything is put at rest. A pause goes through `pausing`,
 * where monitors, motors and devices are quieted, to `paused`: there a person decides. Where nothing can be replayed a
 * pause turns into `aborting`. A suspender passes through `suspending` for a moment, to leave the command in progress;
 * the waiting for better conditions is then part of the plan, and `running`. `stopping` and `aborting` let the plan clean
 * up, `halting` does not, and may therefore still come after them: what a clean-up hangs in must not hold back an
 * emergency. `panicked` is a bug of the RunEngine itself, and final.
 */
export const engineStates = defineStates(
  {
    idle: ['running'],
    running: ['idle', 'pausing', 'halting', 'stopping', 'aborting', 'suspending'],
    pausing: ['paused', 'idle', 'halting', 'aborting'],
    suspending: ['running', 'halting', 'aborting'],
    paused: ['idle', 'running', 'halting', 'stopping', 'aborting'],
    halting: ['idle'],
    stopping: ['idle', 'halting'],
    aborting: ['idle', 'halting'],
    panicked: [],
  },
  { fromAnywhere: ['panicked'] },
);
export type EngineState = keyof (typeof engineStates)['next'];

import type { Command } from './command.ts';
import { bundleCommands } from './bundles.ts';
import { controlCommands } from './control.ts';
import { flyingCommands } from './flying.ts';
import { monitoringCommands } from './monitoring.ts';
import { motionCommands } from './motion.ts';
import { runCommands } from './runs.ts';
import { suspendingCommands } from './suspending.ts';
import { waitingCommands } from './waiting.ts';

/** Every command that a plan may yield, in bluesky's vocabulary. A beamline adds its own to the copy that it gets. */
export const allCommands = (): Map<string, Command> =>
  new Map(
    [
      runCommands,
      bundleCommands,
      motionCommands,
      waitingCommands,
      monitoringCommands,
      flyingCommands,
      controlCommands,
      suspendingCommands,
    ].flatMap((table) => Object.entries(table)),
  );

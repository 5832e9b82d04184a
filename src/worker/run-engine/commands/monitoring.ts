import type { CommandTable } from './command.ts';
import { openRun } from './bundles.ts';
import { whenReady } from '../sync-or-async.ts';

export const monitoringCommands: CommandTable = {
  monitor(msg, { call, making }) {
    const run = openRun(call, msg, "A 'monitor' message was sent but no run is open.");
    if (msg.args.length > 0) throw new TypeError("The 'monitor' Msg does not accept positional arguments.");
    const { name } = msg.kwargs;
    return whenReady(
      run.monitors.start(msg.obj, typeof name === 'string' ? name : `monitor-${making.newUid().slice(0, 6)}`),
      () => call.resetCheckpoint(),
    );
  },

  unmonitor(msg, { call }) {
    openRun(call, msg, "An 'unmonitor' message was sent but no run is open.").monitors.stop(msg.obj);
    call.resetCheckpoint();
  },
};

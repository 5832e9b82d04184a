import { requireSupport } from '../capabilities.ts';
import { deviceArguments, started, type CommandTable } from './command.ts';
import { openRun } from './bundles.ts';

export const flyingCommands: CommandTable = {
  kickoff(msg, { call }) {
    const run = openRun(call, msg, "A 'kickoff' message was sent but no run is open.");
    const flyer = requireSupport(msg.obj, 'Flyable');
    call.flown.add(flyer);
    const status = flyer.kickoff(...(deviceArguments(msg) as []));
    run.collector.expect(flyer);
    return started(call, msg, status);
  },

  complete(msg, { call }) {
    const flyer = requireSupport(msg.obj, 'Flyable');
    return started(call, msg, flyer.complete(...(deviceArguments(msg) as [])));
  },

  collect(msg, { call }) {
    const run = openRun(call, msg, "A 'collect' message was sent but no run is open.");
    const { name, stream, return_payload } = msg.kwargs;
    if (stream === true) {
      throw new Error(
        'Collect now emits EventPages (stream=False), so emitting Events (stream=True) is no longer supported',
      );
    }
    return run.collect([msg.obj, ...msg.args], {
      name: typeof name === 'string' ? name : undefined,
      returnPayload: return_payload !== false,
    });
  },
};

import type { HasName } from '../../devices/protocols.ts';
import type { RunBundler } from '../bundler/run-bundler.ts';
import { nameOf, requireSupport } from '../capabilities.ts';
import { IllegalMessageSequence } from '../errors.ts';
import type { Msg } from '../messages.ts';
import type { PlanCall } from '../plan-call.ts';
import { allReady, whenReady } from '../sync-or-async.ts';
import type { CommandTable } from './command.ts';

export const bundleCommands: CommandTable = {
  async declare_stream(msg, { call }) {
    const { name, collect } = msg.kwargs;
    if (typeof name !== 'string') throw new TypeError("Msg('declare_stream') requires a stream name");
    const stream = await openRun(call, msg, BUNDLING).collector.declare(name, msg.args, collect === true);
    return stream.descriptor;
  },

  create(msg, { call }) {
    const name = msg.kwargs['name'] ?? msg.args[0];
    if (typeof name !== 'string') {
      throw new TypeError(
        "Msg('create') now requires a stream name, given as Msg('create', name) or Msg('create', name=name)",
      );
    }
    openRun(call, msg, BUNDLING).bundle.create(name);
  },

  read(msg, { call }) {
    const device = requireSupport(msg.obj, 'Readable');
    return whenReady(device.read(), (readings) => {
      if (typeof readings !== 'object' || readings === null) {
        throw new TypeError(
          `The read of ${device.name} returned ${String(readings)}. This is a bug in your object implementation, ` +
            '`read` must return a dictionary.',
        );
      }
      const run = call.runs.get(msg.run);
      if (run === undefined) return readings;
      return whenReady(run.read(device, readings), () => readings);
    });
  },

  save(msg, { call }) {
    openRun(call, msg, "A 'save' message was sent but no run is open.").bundle.save();
  },

  drop(msg, { call }) {
    openRun(call, msg, "A 'drop' message was sent but no run is open.").bundle.drop();
  },

  locate(msg) {
    const devices = [msg.obj, ...msg.args].map((object) => requireSupport(object, 'Locatable'));
    const locations = allReady(devices.map((device) => device.locate()));
    if (devices.length > 1 || msg.kwargs['squeeze'] === false) return locations;
    return whenReady(locations, ([only]) => only);
  },

  configure(msg, { call }) {
    const run = call.runs.get(msg.run);
    if (run?.bundle.isOpen === true) {
      throw new IllegalMessageSequence("Cannot configure after 'create' but before 'save' Aborting!");
    }
    const device = requireSupport(msg.obj, 'Configurable');
    if (device.configure === undefined) throw new TypeError(`${nameOf(device)} cannot be configured`);
    const settings = Object.keys(msg.kwargs).length === 0 ? msg.args : [...msg.args, msg.kwargs];
    return whenReady(device.configure(...settings), (change) =>
      whenReady(run?.reconfigure(device as HasName), () => change),
    );
  },
};

const BUNDLING = "Cannot bundle readings without an open run. That is, 'create' must be preceded by 'open_run'.";

/** @throws IllegalMessageSequence in the given words when the message names no open run */
export function openRun(call: PlanCall, msg: Msg, refusal: string): RunBundler {
  const run = call.runs.get(msg.run);
  if (run === undefined) throw new IllegalMessageSequence(refusal);
  return run;
}

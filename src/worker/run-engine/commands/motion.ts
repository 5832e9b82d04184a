import { requireSupport, supports } from '../capabilities.ts';
import { deviceArguments, started, type CommandTable } from './command.ts';

export const motionCommands: CommandTable = {
  set(msg, { call }) {
    const device = requireSupport(msg.obj, 'Movable');
    // Before it moves: a device that fails half-way is stopped too.
    call.moved.add(device);
    return started(call, msg, device.set(...(deviceArguments(msg) as [unknown])));
  },

  trigger(msg, { call }) {
    const device = requireSupport(msg.obj, 'Triggerable');
    return started(call, msg, device.trigger(...(deviceArguments(msg) as [])));
  },

  prepare(msg, { call }) {
    const device = requireSupport(msg.obj, 'Preparable');
    call.flown.add(device);
    return started(call, msg, device.prepare(...(deviceArguments(msg) as [unknown])));
  },

  stop(msg) {
    return requireSupport(msg.obj, 'Stoppable').stop();
  },

  stage(msg, { call }) {
    if (!supports(msg.obj, 'Stageable')) return [];
    const device = msg.obj;
    const staged = device.stage();
    call.staged.add(device);
    call.resetCheckpoint();
    return supports(staged, 'Status') ? started(call, msg, staged) : staged;
  },

  unstage(msg, { call }) {
    if (!supports(msg.obj, 'Stageable')) return [];
    const unstaged = msg.obj.unstage();
    call.staged.delete(msg.obj);
    call.resetCheckpoint();
    return supports(unstaged, 'Status') ? started(call, msg, unstaged) : unstaged;
  },
};

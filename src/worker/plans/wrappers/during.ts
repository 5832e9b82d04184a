import { msg } from '../../run-engine/messages.ts';
import type { Msg, Plan } from '../../run-engine/messages.ts';
import type { Device } from '../device-family.ts';
import { shortName } from '../stubs/group-name.ts';
import { planMutator } from './mutators.ts';

/** In each run of `plan`, records every change of `signals`, each in a stream `{name}_monitor`. */
export function monitorDuringWrapper<R>(plan: Plan<R>, signals: readonly Device[]): Plan<R> {
  return duringRuns(plan, {
    afterOpen: signals.map((signal) => msg('monitor', signal, [], { name: `${signal.name}_monitor` })),
    beforeClose: signals.map((signal) => msg('unmonitor', signal)),
  });
}

/** In each run of `plan`, lets `flyers` fly: they take off after its start, and land and are collected before its end. */
export function flyDuringWrapper<R>(plan: Plan<R>, flyers: readonly unknown[]): Plan<R> {
  if (flyers.length === 0) return plan;
  const takeOff = shortName('flyers-kickoff');
  const landing = shortName('flyers-complete');
  return duringRuns(plan, {
    afterOpen: [
      ...flyers.map((flyer) => msg('kickoff', flyer, [], { group: takeOff })),
      msg('wait', null, [], { group: takeOff }),
    ],
    beforeClose: [
      ...flyers.map((flyer) => msg('complete', flyer, [], { group: landing })),
      msg('wait', null, [], { group: landing }),
      ...flyers.map((flyer) => msg('collect', flyer)),
    ],
  });
}

function duringRuns<R>(plan: Plan<R>, { afterOpen, beforeClose }: Record<'afterOpen' | 'beforeClose', Msg[]>): Plan<R> {
  return planMutator(plan, (message) => {
    if (message.command === 'open_run') return { after: each(afterOpen) };
    if (message.command === 'close_run') return { instead: each([...beforeClose, message]) };
    return null;
  });
}

function* each(messages: readonly Msg[]): Plan {
  let response: unknown;
  for (const message of messages) response = yield message;
  return response;
}

import { type AnyPlan, msg as message, type Msg, type Plan, replay } from '../messages.ts';
import { quietDevices, wakeDevices } from '../resting.ts';
import type { CommandTable } from './command.ts';

export const suspendingCommands: CommandTable = {
  /**
   * Puts the beamline at rest and lays, over the plan, another one: wait until conditions are good, then repeat what was
   * done since the checkpoint. That plan is there before any device is asked, so that no pause in between loses it.
   */
  async _start_suspender(msg, workings) {
    const { call } = workings;
    const [prePlan, postPlan, justification, untilReleased] = msg.args as [
      AnyPlan | null,
      AnyPlan | null,
      string | null,
      () => Promise<unknown>,
    ];
    call.recordInterruption(justification ?? 'suspended');
    const again = call.checkpoint.take();
    if (again.length > 0) for (const run of call.runs.values()) run.rewind();
    const suspension = { prePlan, postPlan, untilReleased, wasRewindable: call.checkpoint.isRewindable, again };
    call.plans.push(suspended(suspension));
    const mayReplay = await quietDevices(call, workings.report);
    if (mayReplay) return;
    again.length = 0;
    call.resetCheckpoint();
  },

  async _resume_from_suspender(_msg, { call, report }) {
    for (const run of call.runs.values()) run.monitors.restore();
    await wakeDevices(call, report);
  },
};

function* suspended(suspension: {
  prePlan: AnyPlan | null;
  postPlan: AnyPlan | null;
  untilReleased: () => Promise<unknown>;
  wasRewindable: boolean;
  again: Msg[];
}): Plan<void> {
  yield message('rewindable', null, [false]);
  if (suspension.prePlan !== null) yield* asPlan(suspension.prePlan);
  yield* released(suspension.untilReleased);
  yield message('_resume_from_suspender');
  if (suspension.postPlan !== null) yield* asPlan(suspension.postPlan);
  yield message('rewindable', null, [suspension.wasRewindable]);
  yield* replay(suspension.again);
}

/** A pause abandons the waiting, and nothing of a suspension is replayed: it waits anew until it was released. */
function* released(untilReleased: () => Promise<unknown>): Plan<void> {
  const hold = { isReleased: false };
  const release = async (): Promise<void> => {
    await untilReleased();
    hold.isReleased = true;
  };
  do yield message('wait_for', null, [[release]]);
  while (!hold.isReleased);
}

function asPlan(plan: AnyPlan): Plan {
  const made = typeof plan === 'function' ? plan() : plan;
  return supportsNext(made) ? made : replay(made);
}

const supportsNext = (plan: Plan | readonly Msg[]): plan is Plan => 'next' in plan;

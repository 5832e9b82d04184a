import type { Msg, Plan } from '../../run-engine/messages.ts';
import type { Device } from '../device-family.ts';
import { declareStream } from '../stubs/bundle.ts';
import { triggerAndRead } from '../stubs/reading.ts';
import { planMutator, single } from './mutators.ts';
import { setRunKeyWrapper } from './run.ts';

/** Reads `devices` at the start and at the end of each run, into a stream of their own. */
export function baselineWrapper<R>(plan: Plan<R>, devices: readonly Device[], name = 'baseline'): Plan<R> {
  if (devices.length === 0) return plan;

  function* head(): Plan<void> {
    yield* declareStream(devices, { name });
    yield* triggerAndRead(devices, name);
  }
  function* tail(close: Msg): Plan {
    yield* inRunOf(close, triggerAndRead(devices, name));
    return yield* single(close);
  }
  return planMutator(plan, (message) => {
    if (message.command === 'open_run') return { after: inRunOf(message, head()) };
    if (message.command === 'close_run') return { instead: tail(message) };
    return null;
  });
}

const inRunOf = (message: Msg, plan: Plan): Plan => (message.run === null ? plan : setRunKeyWrapper(plan, message.run));

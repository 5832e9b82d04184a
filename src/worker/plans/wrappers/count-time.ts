import type { Msg, Plan } from '../../run-engine/messages.ts';
import { mv } from '../stubs/motion.ts';
import { finalizeWrapper } from './cleanup.ts';
import { planMutator, single } from './mutators.ts';

interface HasCountTime {
  readonly countTime: { readonly name: string; get(): unknown };
}
const hasCountTime = (object: unknown): object is HasCountTime =>
  typeof object === 'object' && object !== null && 'countTime' in object;

/** Sets the count time, in seconds, of each device that has one when it is first used, and sets it back in the end. */
export function* configureCountTimeWrapper<R>(plan: Plan<R>, seconds: number | null): Plan<R> {
  if (seconds === null) return yield* plan;
  const original = new Map<HasCountTime, unknown>();

  function* setFirst(device: HasCountTime, message: Msg): Plan {
    yield* mv([device.countTime, seconds]);
    return yield* single(message);
  }
  function* reset(): Plan<void> {
    for (const [device, time] of original) yield* mv([device.countTime, time]);
  }
  const configured = planMutator(plan, (message) => {
    const device = message.obj;
    if (!hasCountTime(device) || original.has(device)) return null;
    original.set(device, device.countTime.get());
    return { instead: setFirst(device, message) };
  });
  return yield* finalizeWrapper(configured, reset);
}

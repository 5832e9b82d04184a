import { msg, replay } from '../../run-engine/messages.ts';
import type { Msg, Plan } from '../../run-engine/messages.ts';

/** Seconds from the start of one round to the start of the next: the same each time, or one for each gap. */
export type Delay = number | null | Iterable<number>;

/**
 * Runs new plans from `makePlan`, `num` times or, with `null`, without end. Each round takes at least its delay: what
 * remains of it is slept, after the last round too when one delay holds for all.
 */
export function* repeat(makePlan: () => Plan, num: number | null = 1, delay: Delay = 0): Plan<void> {
  const delays = isIterable(delay) ? delay[Symbol.iterator]() : null;
  if (num !== null && Array.isArray(delay) && num - 1 > delay.length) throw tooFewDelays(num, delay.length);
  const rounds = num ?? Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = Date.now();
    yield msg('checkpoint');
    yield* makePlan();
    const next = delays ? delays.next() : { done: false, value: delay as number | null };
    if (next.done) {
      if (num === null || round + 1 === num) return;
      throw tooFewDelays(num, round);
    }
    if (!next.value) continue;
    const remaining = next.value - (Date.now() - startedAt) / 1000;
    if (remaining > 0) yield msg('sleep', null, [remaining]);
  }
}

/** Runs new plans from `makePlan`, `times` times or, with `null`, without end; without checkpoints of its own. */
export function* repeater(times: number | null, makePlan: () => Plan): Plan<void> {
  const rounds = times ?? Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) yield* makePlan();
}

/** Records the messages of `plan` once, without running them, and then yields them over and over. */
export function* cachingRepeater(times: number | null, plan: Plan): Plan<void> {
  const messages: Msg[] = [...plan];
  const rounds = times ?? Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) yield* replay(messages);
}

const isIterable = (delay: Delay): delay is Iterable<number> => typeof delay === 'object' && delay !== null;

const tooFewDelays = (num: number, given: number): Error =>
  new RangeError(`num=${num} but delays only provides ${given} entries`);

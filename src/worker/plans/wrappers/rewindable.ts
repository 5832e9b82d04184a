import { msg } from '../../run-engine/messages.ts';
import type { Plan } from '../../run-engine/messages.ts';
import { finalizeWrapper } from './cleanup.ts';

/** While `plan` runs, its messages are not kept for a replay, unless `rewindable`. */
export function* rewindableWrapper<R>(plan: Plan<R>, rewindable: boolean): Plan<R> {
  if (rewindable) return yield* plan;
  const initially: boolean = yield msg('rewindable', null, [null]);
  if (!initially) return yield* plan;
  yield msg('rewindable', null, [false]);
  return yield* finalizeWrapper(plan, restore);
}

function* restore(): Plan<void> {
  yield msg('rewindable', null, [true]);
}

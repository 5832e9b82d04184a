import { msg } from '../../run-engine/messages.ts';
import type { Msg, Plan } from '../../run-engine/messages.ts';
import { rootAncestor, separateDevices } from '../device-family.ts';
import { stageAll, unstageAll } from '../stubs/staging.ts';
import { finalizeWrapper } from './cleanup.ts';
import { planMutator } from './mutators.ts';

/** Stages what the devices are part of before `plan`, and unstages it afterwards in the opposite order. */
export function* stageWrapper<R>(plan: Plan<R>, devices: Iterable<unknown>): Plan<R> {
  const roots = separateDevices([...devices].map(rootAncestor));
  return yield* finalizeWrapper(stagedFirst(plan, roots), () => unstageAll(roots.toReversed()));
}

function* stagedFirst<R>(plan: Plan<R>, roots: readonly unknown[]): Plan<R> {
  yield* stageAll(roots);
  return yield* plan;
}

const USES = new Set(['read', 'set', 'trigger', 'kickoff']);

/** Stages each device when it is first used, and unstages them all in the end. */
export function* lazilyStageWrapper<R>(plan: Plan<R>): Plan<R> {
  const staged: unknown[] = [];

  function* stageFirst(message: Msg): Plan {
    const root = rootAncestor(message.obj);
    const response: unknown = yield msg('stage', root);
    staged.push(...(Array.isArray(response) ? response : [root]));
    return yield message;
  }

  const lazily = planMutator(plan, (message) =>
    USES.has(message.command) && !staged.includes(message.obj) ? { instead: stageFirst(message) } : null,
  );
  return yield* finalizeWrapper(lazily, () => unstageAll(staged.toReversed()));
}
